import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const tryOutlastsTimeout: Check = {
  code: "MESH1006",
  name: "try-outlasts-timeout",
  area: "routes",
  level: "error",
  title: "One try may take as long as the whole request",
  why: "A try that is slow uses up the request's timeout, so no retry ever starts: the retries are written, but do not exist.",
  remedy: "Make perTryTimeout shorter than the timeout.",
  relatives: {},
  *run({ lookup }) {
    for (const { timeoutMs, retries } of lookup.retried().map(({ rule }) => rule))
      if (timeoutMs > 0 && retries.perTryTimeoutMs >= timeoutMs)
        yield {
          path: `${retries.path}.perTryTimeout`,
          message: `A try may take ${formatDuration(retries.perTryTimeoutMs)}, and the request ${formatDuration(timeoutMs)}: a slow try is never retried`,
        };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 1s, retries: { attempts: 1, perTryTimeout: 1s } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 1s, retries: { attempts: 1, perTryTimeout: 500ms } }]
`,
  },
};
