import type { Check } from "../check";

export const containerPortNotServed: Check = {
  code: "MESH1119",
  name: "container-port-not-served",
  area: "workloads",
  level: "warning",
  title: "The container listens where no port leads",
  why: "The service sends requests to a targetPort that the container does not name as its own: connection refused, in most cases.",
  remedy: "Make container.port one of the service's targetPorts.",
  relatives: { kiali: ["KIA0701"] },
  *run({ workloads, lookup, wrote }) {
    for (const { container, service, name } of workloads) {
      const ports = lookup.service(service)?.ports ?? [];
      if (container && !ports.some((p) => p.targetPort === container.port) && wrote(`${container.path}.port`))
        yield {
          path: `${container.path}.port`,
          message: `${name} listens on ${container.port}, and ${service.name} sends to ${ports.map((p) => p.targetPort).join(", ")}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }], versions: [{ name: v1, workload: { container: { image: cart:1.0, port: 3000 } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 3000 }], versions: [{ name: v1, workload: { container: { image: cart:1.0, port: 3000 } } }] }]
`,
  },
};
