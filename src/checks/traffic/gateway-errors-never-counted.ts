import type { Check } from "../check";

export const gatewayErrorsNeverCounted: Check = {
  code: "MESH1031",
  name: "gateway-errors-never-counted",
  area: "traffic",
  level: "warning",
  title: "A gateway-error limit that is never reached",
  why: "Every gateway error is a 5xx too. Where the limit for gateway errors is not below that for 5xx, the other ejects first.",
  remedy: "Make consecutiveGatewayErrors lower than consecutive5xx.",
  relatives: { other: ["Istio: destination_rule.proto, consecutive_gateway_errors"] },
  *run({ services }) {
    for (const { traffic } of services) {
      const outlier = traffic.outlierDetection;
      const gateway = outlier?.consecutiveGatewayErrors ?? 0;
      if (outlier && gateway > 0 && outlier.consecutive5xx > 0 && gateway >= outlier.consecutive5xx)
        yield {
          path: `${outlier.path}.consecutiveGatewayErrors`,
          message: `${outlier.consecutive5xx} errors of any kind eject first, so the limit of ${gateway} gateway errors has no effect`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { consecutive5xx: 5, consecutiveGatewayErrors: 5 } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { outlierDetection: { consecutive5xx: 5, consecutiveGatewayErrors: 3 } } }]
`,
  },
};
