import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const outlierDetection: PolicyRule = {
  code: "MESH6031",
  name: "outlier-detection",
  title: "Instances that fail are taken out",
  why: "One instance that answers only errors takes its share of all requests until somebody looks; health checks and outlier detection take it out in seconds.",
  wanted: "outlierDetection, and a health check where the backend has them",
  remedy:
    "Set trafficPolicy.outlierDetection (App Mesh and Google: outlierDetection on the listener or backend service; Lattice: healthCheck).",
  scope: "stack",
  levels: { baseline: "disabled", strict: "advisory" },
  off: "It tunes availability, opens no door, and good numbers depend on the load: with few instances a wrong one takes out too many.",
  relatives: { other: ["AWS Config virtual-node-listeners-outlier-detect-enabled"] },
  checks: checksNamed(
    "canary-without-outlier-detection",
    "failover-without-outlier-detection",
    "outlier-detection-that-never-ejects",
  ),
  *run({ raw, resources }) {
    for (const { path, host, outlierDetection, healthCheck } of raw.resilience) {
      if (!outlierDetection) yield { path, message: `Nothing takes failing instances of ${host} out`, found: "none" };
      else if (!healthCheck && resources.uses("aws:vpclattice/"))
        yield { path, message: `Nothing checks the targets of ${host}`, found: "none" };
    }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
`,
    unknown: [0, "spec.trafficPolicy"],
  },
};
