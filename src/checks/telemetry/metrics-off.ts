import type { Check } from "../check";

export const metricsOff: Check = {
  code: "MESH1132",
  name: "metrics-off",
  area: "telemetry",
  level: "warning",
  title: "Metrics are off",
  why: "Error rates and latencies are what canaries, alerts and dashboards read; without them a failing version is found by its users.",
  remedy: "Leave telemetry.metrics.enabled at true.",
  relatives: {},
  *run({ telemetry }) {
    if (!telemetry.metrics.enabled) yield { path: "telemetry.metrics.enabled", message: "No request metrics are kept" };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { metrics: { enabled: false } }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { metrics: { enabled: true } }
`,
  },
};
