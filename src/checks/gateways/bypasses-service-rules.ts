import type { Check } from "../check";
import { keyOf } from "../../model/model";

export const bypassesServiceRules: Check = {
  code: "MESH1068",
  name: "bypasses-service-rules",
  area: "gateways",
  level: "info",
  title: "Visitors from outside do not follow the service's own rules",
  why: "A route at the gateway sends requests straight to the endpoints: the rules of the service's own route (canary shares, mirrors, timeouts) hold for callers inside the mesh only.",
  remedy:
    "Attach one route to both: parents: [{ gateway: … }, { service: … }], or repeat the versions in the gateway's route.",
  relatives: { istio: ["IST0140"] },
  *run({ routes, lookup }) {
    for (const route of routes) {
      if (!route.parents.some((p) => p.kind === "gateway")) continue;
      for (const rule of route.rules)
        for (const backend of rule.backends) {
          if (backend.kind !== "service" || backend.version) continue;
          const own = lookup
            .routesOf(backend)
            .find(
              (r) =>
                r !== route && r.rules.some((x) => x.backends.some((b) => b.version && keyOf(b) === keyOf(backend))),
            );
          if (own)
            yield {
              path: backend.path,
              message: `Requests from the gateway go to any version of ${backend.name}; ${own.name} chooses versions, for callers inside only`,
            };
        }
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }], traffic: { outlierDetection: {} } }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - { name: edge, gateway: public, http: [{ backends: [{ service: web }] }] }
  - { name: web, service: web, http: [{ backends: [{ service: web, version: v1, weight: 90 }, { service: web, version: v2, weight: 10 }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }], traffic: { outlierDetection: {} } }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - name: web
    parents: [{ gateway: public }, { service: web }]
    http: [{ backends: [{ service: web, version: v1, weight: 90 }, { service: web, version: v2, weight: 10 }] }]
`,
  },
};
