import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { dnsLabel, hostname, labels, leaf, name, namespaceField, optional, port, required, tlsVersion } from "./fields";

const listener = z.strictObject({
  name: optional(dnsLabel, "Name that routes attach to", "<protocol>-<port>"),
  port: required(port, "Port that it listens on"),
  protocol: required(z.enum(["http", "https", "tcp", "tls", "grpc"]), "What is spoken on it"),
  hostname: optional(hostname, "Only this host, possibly with a wildcard; every host when left out"),
  tls: optional(
    z.strictObject({
      mode: optional(
        z.enum(["TERMINATE", "PASSTHROUGH", "MUTUAL"]),
        "TERMINATE: TLS ends here; MUTUAL: clients show a certificate too; PASSTHROUGH: it goes on to the service",
        D.listenerTlsMode,
      ),
      certificateRef: optional(leaf, "Secret with the certificate; needed unless PASSTHROUGH"),
      minVersion: optional(tlsVersion, "Oldest TLS version spoken", "mtls.minVersion of the mesh"),
      redirectHttp: optional(z.boolean(), "Plain HTTP on port 80 is answered with a redirect to this", D.redirectHttp),
    }),
    "TLS of the listener; none when left out",
  ),
});

/** A door from outside: routes attach to its listeners. */
export const gateway = z.strictObject({
  name: required(dnsLabel, "Name that routes attach to"),
  namespace: namespaceField("gateway"),
  selector: optional(labels, "Pods that serve it", "{ app: <name> }"),
  serviceAccount: optional(name, "Service account of those pods: the identity that services see", "the gateway's name"),
  listeners: required(z.array(listener).min(1, "expected at least one listener"), "Where it listens"),
});
