import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const faultOutlastsTimeout: Check = {
  code: "MESH1010",
  name: "fault-outlasts-timeout",
  area: "routes",
  level: "warning",
  title: "An injected delay that the timeout always ends",
  why: "Where the delay is as long as the timeout, every delayed request fails instead of being slow: the experiment tests something else than it says.",
  remedy: "Make the delay shorter than the timeout, or inject an abort.",
  relatives: {},
  *run({ lookup }) {
    for (const { rule } of lookup.filtered()) {
      const { filters, timeoutMs } = rule;
      const delay = filters.fault?.delay;
      if (filters.fault && delay && delay.percent > 0 && timeoutMs > 0 && delay.durationMs >= timeoutMs)
        yield {
          path: `${filters.fault.path}.delay`,
          message: `A delay of ${formatDuration(delay.durationMs)} under a timeout of ${formatDuration(timeoutMs)} fails every delayed request`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 1s, filters: { fault: { delay: { duration: 2s, percent: 5 } } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http: [{ backends: [{ service: cart }], timeout: 3s, filters: { fault: { delay: { duration: 2s, percent: 5 } } } }]
`,
  },
};
