import type { Check } from "../check";
import type { RetryCondition } from "../../model/model";
import { methodsOf } from "../support";

/** Conditions under which the application may have done its work already. */
const afterWork = new Set<RetryCondition>(["5xx", "gateway-error", "reset", "internal", "deadline-exceeded"]);
const writes = new Set(["POST", "PATCH"]);

export const retriedWrites: Check = {
  code: "MESH1007",
  name: "retried-writes",
  area: "routes",
  level: "warning",
  title: "Writes that may be done twice",
  why: "A 5xx or a reset does not say that nothing was done. A retried POST or PATCH places the order a second time.",
  remedy: "Retry on connect-failure and refused-stream only, or give the writes a rule without retries.",
  relatives: {},
  *run({ lookup }) {
    for (const { rule } of lookup.retried()) {
      const methods = methodsOf(rule.matches);
      if (methods.length === 0 || !methods.every((m) => writes.has(m))) continue;
      const risky = rule.retries.on.filter((condition) => afterWork.has(condition));
      if (risky.length > 0)
        yield {
          path: rule.retries.path,
          message: `${methods.join(" and ")} is retried after ${risky.join(", ")}, when it may have been done already`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: orders, ports: [{ port: 80 }] }]
routes:
  - name: orders
    service: orders
    http:
      - matches: [{ method: POST }]
        backends: [{ service: orders }]
        retries: { attempts: 2, on: [5xx] }
`,
    right: `
services: [{ name: orders, ports: [{ port: 80 }] }]
routes:
  - name: orders
    service: orders
    http:
      - matches: [{ method: POST }]
        backends: [{ service: orders }]
        retries: { attempts: 2, on: [connect-failure, refused-stream] }
`,
  },
};
