import type { Check } from "../check";

export const everyRequestTraced: Check = {
  code: "MESH1131",
  name: "every-request-traced",
  area: "telemetry",
  level: "warning",
  title: "Every request is traced",
  why: "Sampling at 100 % is for a laptop: spans cost more than the requests that they describe, in the proxies and in the collector.",
  remedy: "Sample a few percent.",
  relatives: {},
  *run({ telemetry }) {
    if (telemetry.tracing && telemetry.tracing.samplingPercent >= 100)
      yield { path: `${telemetry.tracing.path}.sampling`, message: "Every request makes spans" };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { tracing: { sampling: 100% } }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { tracing: { sampling: 1% } }
`,
  },
};
