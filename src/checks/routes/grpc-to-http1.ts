import type { Check } from "../check";

export const grpcToHttp1: Check = {
  code: "MESH1021",
  name: "grpc-to-http1",
  area: "routes",
  level: "error",
  title: "gRPC calls go to a port that speaks HTTP/1.1",
  why: "gRPC needs HTTP/2 all the way. A backend port of protocol http is spoken to in HTTP/1.1, and every call fails.",
  remedy: "Give the port protocol: grpc.",
  relatives: { istio: ["IST0118"], kiali: ["KIA0601"] },
  *run({ routes, lookup }) {
    for (const route of routes) {
      if (route.kind !== "grpc") continue;
      for (const rule of route.rules)
        for (const backend of rule.backends) {
          const ports = (backend.kind === "service" ? lookup.service(backend) : lookup.external(backend))?.ports ?? [];
          const port = ports.find((p) => p.port === backend.port);
          if (port?.protocol === "http")
            yield {
              path: backend.path,
              message: `Port ${port.port} of ${backend.name} is http, and gRPC calls go there`,
            };
        }
    }
  },
  example: {
    wrong: `
services:
  - { name: cart, ports: [{ port: 80, protocol: grpc }] }
  - { name: store, ports: [{ port: 80, protocol: http }] }
routes:
  - { name: cart, service: cart, grpc: [{ backends: [{ service: store }] }] }
`,
    right: `
services:
  - { name: cart, ports: [{ port: 80, protocol: grpc }] }
  - { name: store, ports: [{ port: 80, protocol: grpc }] }
routes:
  - { name: cart, service: cart, grpc: [{ backends: [{ service: store }] }] }
`,
  },
};
