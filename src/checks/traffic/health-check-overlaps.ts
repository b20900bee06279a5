import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const healthCheckOverlaps: Check = {
  code: "MESH1037",
  name: "health-check-overlaps",
  area: "traffic",
  level: "warning",
  title: "A health check may outlast its interval",
  why: "A check that has not ended when the next one starts piles up on the endpoint that is already slow.",
  remedy: "Make the timeout shorter than the interval.",
  relatives: {},
  *run({ services }) {
    for (const { traffic } of services) {
      const check = traffic.healthCheck;
      if (check && check.timeoutMs >= check.intervalMs)
        yield {
          path: `${check.path}.timeout`,
          message: `A check may take ${formatDuration(check.timeoutMs)}, and one starts every ${formatDuration(check.intervalMs)}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { healthCheck: { protocol: http, interval: 2s, timeout: 3s } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { healthCheck: { protocol: http, interval: 5s, timeout: 3s } } }]
`,
  },
};
