import { isLater, protocolOf, reading, serviceOf } from "../../src/facts";
import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const namedPorts: PolicyRule = {
  code: "MESH6024",
  name: "named-ports",
  title: "Ports say what they speak",
  why: "A port whose protocol is not told is treated as plain TCP: no routes, no retries, no telemetry of requests; a destination without port is refused where the host has several.",
  wanted: "a name with the protocol first (http-api), or appProtocol",
  remedy: "Name the port PROTOCOL-anything, or set appProtocol; write destination.port.number.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { istio: ["IST0112", "IST0118"], kiali: ["KIA0601", "KIA0602"] },
  checks: checksNamed("port-name-says-otherwise"),
  *run({ resources, raw, facts: { lookup } }) {
    for (const { id, name, body } of resources.of("core/Service")) {
      // What selects no pods is not served by a proxy of the mesh.
      if (reading.inside(body, "spec", "selector") === undefined) continue;
      for (const { item, path } of reading.items(reading.inside(body, "spec", "ports"), `${id}#spec.ports`)) {
        const written = reading.text(item.name) ?? "";
        if (item.protocol === "UDP" || isLater(written) || protocolOf(item) !== undefined) continue;
        yield {
          path: `${path}.name`,
          message: `Port ${reading.number(item.port) ?? "?"} of ${name} does not say what it speaks`,
          found: written || "no name",
        };
      }
    }
    for (const { path, host, port, kind } of raw.splits.flatMap((split) => split.destinations)) {
      const ref = kind === "mesh" ? serviceOf(host) : undefined;
      const service = ref && lookup.service(ref);
      if (service && service.ports.length > 1 && port === undefined)
        yield {
          path,
          message: `${host} has ${service.ports.length} ports, and this does not say which`,
          found: "no port",
        };
      if (service && port !== undefined && !service.ports.some((p) => p.port === port))
        yield { path: `${path}.port`, message: `${host} has no port ${port}`, found: String(port) };
    }
  },
  example: {
    wrong: `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: web, port: 80, targetPort: 8080 }] }
`,
    right: `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http-web, port: 80, targetPort: 8080 }] }
`,
    unknown: [0, "spec.ports.0.appProtocol"],
  },
};
