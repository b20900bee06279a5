import { checksNamed } from "../checks";
import { DEPLOYMENT } from "../examples";
import { type PolicyRule } from "../rule";

export const ownServiceAccount: PolicyRule = {
  code: "MESH6034",
  name: "own-service-account",
  title: "Each workload has a service account of its own",
  why: "The service account is the identity in the mesh: who runs as default is everybody in the namespace who says nothing, and no policy can tell them apart.",
  wanted: "a service account of its own",
  remedy: "Create a ServiceAccount and name it in spec.serviceAccountName.",
  scope: "resource",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { other: ["kube-linter default-service-account"] },
  checks: checksNamed("default-service-account"),
  example: {
    wrong: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: app, image: "cart:1" }] }
`,
    right: DEPLOYMENT,
    unknown: [0, "spec.template.spec.serviceAccountName"],
  },
};
