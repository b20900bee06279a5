import type { Check } from "../check";

export const ejectionOfEverything: Check = {
  code: "MESH1032",
  name: "ejection-of-everything",
  area: "traffic",
  level: "warning",
  title: "Outlier detection may eject every endpoint",
  why: "One bad request pattern, or a broken dependency, fails on all endpoints alike. With 100 % all of them are ejected, and a partial failure becomes a full one.",
  remedy: "Keep maxEjectionPercent at 50 or so, or set minHealthPercent.",
  relatives: {},
  *run({ services }) {
    for (const { name, traffic } of services) {
      const outlier = traffic.outlierDetection;
      if (outlier && outlier.maxEjectionPercent >= 100 && outlier.minHealthPercent === 0)
        yield {
          path: `${outlier.path}.maxEjectionPercent`,
          message: `All endpoints of ${name} may be ejected at once`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { maxEjectionPercent: 100 } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { maxEjectionPercent: 50 } } }]
`,
  },
};
