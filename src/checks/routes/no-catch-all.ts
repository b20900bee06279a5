import type { Check } from "../check";
import { matchesAll } from "../../facts";

export const noCatchAll: Check = {
  code: "MESH1004",
  name: "no-catch-all",
  area: "routes",
  level: "info",
  title: "Requests that match no rule are refused",
  why: "A service with a route has only that route: what none of its rules takes is answered with 404 by every mesh, even though the service would have answered.",
  remedy: "End the route with a rule without matches, or keep it so if refusing is meant.",
  relatives: { other: ["Linkerd: HTTPRoute without a catch-all answers 404"] },
  *run({ routes }) {
    for (const route of routes) {
      if (route.kind !== "http" && route.kind !== "grpc") continue;
      if (!route.parents.some((p) => p.kind === "service")) continue;
      const all = route.rules.some((r) => r.matches.length === 0 || r.matches.some(matchesAll));
      if (!all)
        yield {
          path: route.path,
          message: `Requests that none of the rules of ${route.name} takes are answered with 404`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ matches: [{ path: { prefix: /items } }], backends: [{ service: cart }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http:
      - { matches: [{ path: { prefix: /items } }], backends: [{ service: cart }], timeout: 1s }
      - { backends: [{ service: cart }] }
`,
  },
};
