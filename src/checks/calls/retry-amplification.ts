import type { Check } from "../check";
import { heaviestPaths } from "../graph";
import { keyOf, type Service } from "../../model/model";

/** A burst of this many tries for one request of a user is worth a word: two retries in each of three layers are 27. */
const limit = 16;

export const retryAmplification: Check = {
  code: "MESH1051",
  name: "retry-amplification",
  area: "calls",
  level: "warning",
  title: "Retries that multiply along the call chain",
  why: "Each layer retries the layer below, so the tries multiply: when the last service fails, it gets many times its usual load, and does not recover.",
  remedy: "Retry in one layer only (best where the failure is), or add a retry budget.",
  relatives: {},
  *run({ services, lookup }) {
    const tries = (service: Service) => {
      const rules = lookup.routesOf(service).flatMap((route) => route.rules);
      return service.traffic.retryBudget ? 1 : Math.max(1, ...rules.map((rule) => 1 + rule.retries.attempts));
    };
    const next = (service: Service) =>
      service.calls
        .flatMap((call) => (call.kind === "service" ? [lookup.service(call)] : []))
        .filter((s) => s !== undefined);
    for (const { path, weight } of heaviestPaths(services, keyOf, next, tries)) {
      const last = path.at(-1) as Service;
      if (weight >= limit)
        yield {
          path: last.path,
          message: `One request through ${path.map((s) => s.name).join(" → ")} may try ${last.name} ${weight} times`,
        };
    }
  },
  example: {
    wrong: `
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart] }
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }] }
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], retries: { attempts: 2 } }] }
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 2 } }] }
  - { name: stock, service: stock, http: [{ backends: [{ service: stock }], retries: { attempts: 2 } }] }
`,
    right: `
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart] }
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }] }
routes:
  - { name: stock, service: stock, http: [{ backends: [{ service: stock }], retries: { attempts: 2 } }] }
`,
  },
};
