import type * as pulumi from "@pulumi/pulumi";
import type { ExternalTlsMode, Resolution } from "./enums";
import type { ServicePortArgs } from "./service";

/** Something outside the mesh that its services call by name. */
export interface ExternalServiceArgs {
  /** Name that calls and backends use; default the component's name. */
  name?: string;
  /** Kubernetes namespace; default the mesh's. */
  namespace?: string;
  /** Host names that clients call. */
  hosts: string[];
  /** Ports that are called. */
  ports: ServicePortArgs[];
  /** How addresses are found; default DNS, or STATIC where addresses are given. */
  resolution?: Resolution;
  /** IP addresses, for STATIC. */
  addresses?: string[];
  /** TLS that the proxy originates; left out: the application's own bytes are passed on. */
  tls?: ExternalTlsArgs;
}

/** TLS that the proxy originates. */
export interface ExternalTlsArgs {
  /** MUTUAL: a client certificate is shown too; default SIMPLE. */
  mode?: ExternalTlsMode;
  /** Server name asked for and verified; default the first host. */
  sni?: string;
  /** File of the authorities trusted; default the system's. */
  caCertificates?: string;
  /** Secret with the client's certificate, for MUTUAL. */
  certificateRef?: pulumi.Input<string>;
}
