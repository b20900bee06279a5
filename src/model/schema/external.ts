import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { dnsLabel, hostname, leaf, namespaceField, optional, required, text } from "./fields";
import { servicePort } from "./service";

/** Something outside the mesh that its services call by name. */
export const externalService = z.strictObject({
  name: required(dnsLabel, "Name that calls and backends use"),
  namespace: namespaceField("external service"),
  hosts: required(z.array(hostname).min(1, "expected at least one host"), "Host names that clients call"),
  ports: required(z.array(servicePort).min(1, "expected at least one port"), "Ports that are called"),
  resolution: optional(
    z.enum(["DNS", "STATIC", "NONE"]),
    "How addresses are found: by name, from addresses, or whatever the client chose",
    `${D.resolution}, or STATIC where addresses are given`,
  ),
  addresses: optional(z.array(text), "IP addresses, for STATIC", []),
  tls: optional(
    z.strictObject({
      mode: optional(z.enum(["SIMPLE", "MUTUAL"]), "MUTUAL: a client certificate is shown too", D.externalTlsMode),
      sni: optional(hostname, "Server name asked for and verified", "the first host"),
      caCertificates: optional(text, "File of the authorities trusted", "the system's"),
      certificateRef: optional(leaf, "Secret with the client's certificate, for MUTUAL; none when left out"),
    }),
    "TLS that the proxy originates; left out: the application's own bytes are passed on",
  ),
});
