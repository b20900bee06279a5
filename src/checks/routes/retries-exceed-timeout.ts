import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const retriesExceedTimeout: Check = {
  code: "MESH1005",
  name: "retries-exceed-timeout",
  area: "routes",
  level: "warning",
  title: "The timeout ends the request before its retries are used",
  why: "The request's timeout holds for all tries together. Where (1 + attempts) × perTryTimeout is more, the last retries never run, and the caller waits for less than the arithmetic promises.",
  remedy: "Raise the timeout, or lower attempts or perTryTimeout, until (1 + attempts) × perTryTimeout fits.",
  relatives: {},
  *run({ lookup }) {
    for (const { timeoutMs, retries } of lookup.retried().map(({ rule }) => rule)) {
      const needed = (1 + retries.attempts) * retries.perTryTimeoutMs;
      if (timeoutMs > 0 && retries.perTryTimeoutMs < timeoutMs && needed > timeoutMs)
        yield {
          path: retries.path,
          message: `${1 + retries.attempts} tries of ${formatDuration(retries.perTryTimeoutMs)} need ${formatDuration(needed)}, but the timeout is ${formatDuration(timeoutMs)}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 2s, retries: { attempts: 3, perTryTimeout: 1s } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 4s, retries: { attempts: 3, perTryTimeout: 1s } }]
`,
  },
};
