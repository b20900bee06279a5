import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const probeOutlastsPeriod: Check = {
  code: "MESH1106",
  name: "probe-outlasts-period",
  area: "workloads",
  level: "warning",
  title: "A probe may outlast its period",
  why: "The next probe waits for the last, so a slow application is found later than the numbers say.",
  remedy: "Make timeout shorter than period.",
  relatives: {},
  *run({ workloads }) {
    for (const { container } of workloads)
      for (const probe of Object.values(container?.probes ?? {}))
        if (probe && probe.timeoutMs > probe.periodMs)
          yield {
            path: `${probe.path}.timeout`,
            message: `The probe may take ${formatDuration(probe.timeoutMs)}, and runs every ${formatDuration(probe.periodMs)}`,
          };
  },
  example: {
    wrong: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, probes: { readiness: { tcpSocket: {}, period: 2s, timeout: 5s } } } } }]
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, probes: { readiness: { tcpSocket: {}, period: 5s, timeout: 2s } } } } }]
`,
  },
};
