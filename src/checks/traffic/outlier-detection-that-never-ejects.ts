import type { Check } from "../check";

export const outlierDetectionThatNeverEjects: Check = {
  code: "MESH1033",
  name: "outlier-detection-that-never-ejects",
  area: "traffic",
  level: "warning",
  title: "Outlier detection that never ejects",
  why: "With both limits at 0, or a share of 0 %, endpoints are watched and never taken out.",
  remedy: "Set consecutive5xx, or remove outlierDetection.",
  relatives: {},
  *run({ services }) {
    for (const { name, traffic } of services) {
      const outlier = traffic.outlierDetection;
      if (!outlier) continue;
      const counts = outlier.consecutive5xx > 0 || (outlier.consecutiveGatewayErrors ?? 0) > 0;
      if (!counts || outlier.maxEjectionPercent === 0)
        yield {
          path: outlier.path,
          message: `No endpoint of ${name} is ever ejected: ${counts ? "maxEjectionPercent is 0" : "no number of errors counts"}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { consecutive5xx: 0 } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { consecutive5xx: 5 } } }]
`,
  },
};
