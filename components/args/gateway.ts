import type * as pulumi from "@pulumi/pulumi";
import type { ListenerProtocol, ListenerTlsMode, TlsVersion } from "./enums";

/** A door from outside: routes attach to its listeners. */
export interface MeshGatewayArgs {
  /** Name that routes attach to; default the component's name. */
  name?: string;
  /** Kubernetes namespace of the gateway; default the mesh's. */
  namespace?: string;
  /** Pods that serve it; default { app: <name> }. */
  selector?: Record<string, string>;
  /** Service account of those pods: the identity that services see; default the gateway's name. */
  serviceAccount?: string;
  /** Where it listens. */
  listeners: GatewayListenerArgs[];
}

/** One port that a gateway listens on. */
export interface GatewayListenerArgs {
  /** Name that routes attach to; default <protocol>-<port>. */
  name?: string;
  /** Port that it listens on. */
  port: number;
  /** What is spoken on it. */
  protocol: ListenerProtocol;
  /** Only this host, possibly with a wildcard; every host when left out. */
  hostname?: string;
  /** TLS of the listener; none when left out. */
  tls?: ListenerTlsArgs;
}

/** TLS of a listener. */
export interface ListenerTlsArgs {
  /** TERMINATE: TLS ends here; MUTUAL: clients show a certificate too; PASSTHROUGH: it goes on to the service. */
  mode?: ListenerTlsMode;
  /** Secret with the certificate; needed unless PASSTHROUGH. */
  certificateRef?: pulumi.Input<string>;
  /** Oldest TLS version spoken; default the mesh's. */
  minVersion?: TlsVersion;
  /** Plain HTTP on port 80 is answered with a redirect to this; default false. */
  redirectHttp?: boolean;
}
