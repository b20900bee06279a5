import type { Check } from "../check";
import { sameRef } from "../../model/model";

export const canaryWithoutOutlierDetection: Check = {
  code: "MESH1014",
  name: "canary-without-outlier-detection",
  area: "routes",
  level: "warning",
  title: "A canary without outlier detection",
  why: "A new version gets its share whether it works or not. Outlier detection takes its failing endpoints out; without it every request of that share fails until somebody looks.",
  remedy: "Give the service traffic.outlierDetection.",
  relatives: {},
  *run({ routes, services, lookup }) {
    if (services.every((service) => service.traffic.outlierDetection)) return;
    for (const route of routes)
      for (const rule of route.rules) {
        const [first, ...others] = rule.backends.filter((b) => b.weight > 0 && b.kind === "service" && b.version);
        const service = first && lookup.service(first);
        if (!first || !service || service.traffic.outlierDetection) continue;
        const other = others.find((b) => sameRef(b, first) && b.version !== first.version);
        if (other) {
          const canary = other.weight <= first.weight ? other : first;
          yield {
            path: canary.path,
            message: `${canary.name} ${canary.version} gets a share of the traffic, and nothing takes it out when it fails`,
          };
        }
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1, weight: 95 }, { service: cart, version: v2, weight: 5 }] }] }
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1 }, { name: v2 }]
    traffic: { outlierDetection: { consecutive5xx: 5 } }
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1, weight: 95 }, { service: cart, version: v2, weight: 5 }] }] }
`,
  },
};
