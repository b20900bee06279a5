import type { Check } from "../check";
import { heaviestPaths } from "../graph";
import type { Service } from "../../model/model";

/** A burst of this many tries for one request of a user is worth a word: two retries in each of three layers are 27. */
const limit = 16;
/** How much of the chain a message names. */
const shown = 6;

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
    if (lookup.retried().length === 0) return;
    const tries = (service: Service) => {
      if (service.traffic.retryBudget) return 1;
      const rules = lookup.routesOf(service).flatMap((route) => route.rules);
      return rules.reduce((most, rule) => Math.max(most, 1 + rule.retries.attempts), 1);
    };
    for (const { node, weight, path } of heaviestPaths(services, (service) => lookup.callees(service), tries))
      if (weight >= limit) {
        const names = path(shown).map((service) => service.name);
        const many = weight > 10_000 ? "over 10000" : String(weight);
        yield {
          path: node.path,
          message: `One request through ${names.join(" → ")} may try ${node.name} ${many} times`,
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
