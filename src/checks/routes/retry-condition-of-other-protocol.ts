import type { Check } from "../check";
import type { RetryCondition } from "../../model/model";

const grpcOnly = new Set<RetryCondition>([
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
]);
const httpOnly = new Set<RetryCondition>(["5xx", "gateway-error", "retriable-4xx"]);

export const retryConditionOfOtherProtocol: Check = {
  code: "MESH1008",
  name: "retry-condition-of-other-protocol",
  area: "routes",
  level: "warning",
  title: "Retries on conditions that this protocol never has",
  why: "A failed gRPC call is an HTTP 200 with a grpc-status, so 5xx does not see it; and an HTTP answer has no grpc-status. The retries look right and never happen.",
  remedy: "For gRPC use unavailable and the like; for HTTP use 5xx, gateway-error or reset.",
  relatives: {},
  *run({ lookup }) {
    for (const { route, rule } of lookup.retried()) {
      const foreign = route.kind === "http" ? grpcOnly : route.kind === "grpc" ? httpOnly : undefined;
      if (!foreign) continue;
      const { retries } = rule;
      if (retries.on.length > 0 && retries.statuses.length === 0 && retries.on.every((c) => foreign.has(c)))
        yield {
          path: `${retries.path}.on`,
          message: `${retries.on.join(", ")} never happens on ${route.kind} routes`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
routes:
  - { name: cart, service: cart, grpc: [{ backends: [{ service: cart }], retries: { attempts: 2, on: [5xx] } }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
routes:
  - { name: cart, service: cart, grpc: [{ backends: [{ service: cart }], retries: { attempts: 2, on: [unavailable] } }] }
`,
  },
};
