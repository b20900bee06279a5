import type { Check } from "../check";
import { keyOf } from "../../model/model";

export const retriesForbiddenByPool: Check = {
  code: "MESH1034",
  name: "retries-forbidden-by-pool",
  area: "traffic",
  level: "warning",
  title: "The route retries, and the connection pool forbids it",
  why: "maxRetries 0, or a retry budget of nothing, stops every retry at the client: the route's attempts are written and never made.",
  remedy: "Raise maxRetries or the budget, or remove the retries.",
  relatives: {},
  *run({ lookup }) {
    const told = new Set<string>();
    for (const { route, rule } of lookup.retried())
      for (const backend of rule.backends) {
        const traffic = backend.kind === "service" ? lookup.service(backend)?.traffic : undefined;
        if (!traffic || told.has(keyOf(backend))) continue;
        const budget = traffic.retryBudget;
        const none =
          traffic.connectionPool.maxRetries === 0
            ? "connectionPool.maxRetries"
            : budget?.percent === 0 && budget.minRetries === 0
              ? "retryBudget"
              : undefined;
        if (!none) continue;
        told.add(keyOf(backend));
        yield {
          path: `${traffic.path}.${none}`,
          message: `${backend.name} allows no retries, but ${route.name} asks for ${rule.retries.attempts}`,
        };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { connectionPool: { maxRetries: 0 } } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 2 } }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { connectionPool: { maxRetries: 10 } } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 2 } }] }
`,
  },
};
