import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { dnsLabel, labels, mtlsMode, name, namespaceField, optional, port, reference, required } from "./fields";
import { traffic } from "./traffic";
import { workload } from "./workload";

export const servicePort = z.strictObject({
  name: optional(dnsLabel, "Name of the port", "<protocol>-<port>"),
  port: required(port, "Port that clients call"),
  targetPort: optional(port, "Port that the application listens on", "the same as port"),
  protocol: optional(z.enum(["http", "http2", "grpc", "tcp", "tls"]), "What is spoken on it", D.protocol),
  mtls: optional(mtlsMode, "mTLS mode of this port, before every policy; what the policies say when left out"),
  serverFirst: optional(z.boolean(), "The server sends the first byte, as MySQL and SMTP do", D.serverFirst),
});

const call = z.union(
  [
    name,
    z.strictObject({
      service: required(reference, "Service or external service that is called"),
      required: optional(z.boolean(), "The caller cannot answer without it", D.callRequired),
    }),
    z.strictObject({ name, namespace: dnsLabel.optional() }),
  ],
  { error: "expected a name, { name, namespace } or { service, required }" },
);

const version = z.strictObject({
  name: required(dnsLabel, "Name that routes use: v1"),
  labels: optional(labels, "What tells this version's pods from the others", "{ version: <name> }"),
  workload: optional(workload, "What runs; left out: the pods exist already"),
});

/** One service: what clients call, the versions behind it, and how it is treated. */
export const service = z.strictObject({
  name: required(dnsLabel, "Name that clients call"),
  namespace: namespaceField("service"),
  labels: optional(labels, "The selector: pods of every version carry these", "{ app: <name> }"),
  calls: optional(
    z.array(call),
    "Services and external services that this one calls: the call graph; empty: it calls nothing",
    [],
  ),
  ports: required(z.array(servicePort).min(1, "expected at least one port"), "Ports that it serves"),
  versions: optional(z.array(version), "Versions behind it, which routes may choose between", []),
  traffic: optional(traffic, "How clients treat it, and how it protects itself", {}),
});
