import type { Check } from "../check";
import { keyOf } from "../../model/model";

export const mixedHttpAndGrpc: Check = {
  code: "MESH1003",
  name: "mixed-http-and-grpc",
  area: "routes",
  level: "error",
  title: "HTTP and gRPC routes for the same name and port",
  why: "Meshes that read Gateway API keep one kind of route for a name: which of the two wins depends on which was made first, and the other is ignored.",
  remedy: "Give gRPC a port of its own, or write its calls as HTTP rules by path.",
  relatives: { other: ["Gateway API: cross-serving of HTTPRoute and GRPCRoute hostnames"] },
  *run({ routes }) {
    const seen = new Map<string, { kind: string; name: string }>();
    for (const route of routes) {
      if (route.kind !== "http" && route.kind !== "grpc") continue;
      for (const parent of route.parents) {
        const names = parent.kind === "service" || route.hostnames.length === 0 ? [""] : route.hostnames;
        for (const name of names) {
          const key = `${parent.kind} ${keyOf(parent)} ${parent.port ?? ""} ${parent.listener ?? ""} ${name}`;
          const other = seen.get(key);
          if (!other) seen.set(key, { kind: route.kind, name: route.name });
          else if (other.kind !== route.kind)
            yield {
              path: parent.path,
              message: `${other.name} is a ${other.kind} route for the same name, and ${route.name} is ${route.kind}`,
            };
        }
      }
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
gateways: [{ name: public, listeners: [{ port: 80, protocol: http }] }]
routes:
  - { name: cart-web, gateway: public, hostnames: [cart.example], http: [{ backends: [{ service: cart }] }] }
  - { name: cart-rpc, gateway: public, hostnames: [cart.example], grpc: [{ backends: [{ service: cart }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
gateways: [{ name: public, listeners: [{ port: 80, protocol: http }] }]
routes:
  - { name: cart-web, gateway: public, hostnames: [cart.example], http: [{ backends: [{ service: cart }] }] }
  - { name: cart-rpc, gateway: public, hostnames: [rpc.cart.example], grpc: [{ backends: [{ service: cart }] }] }
`,
  },
};
