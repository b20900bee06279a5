import { checksNamed } from "../checks";
import { DEPLOYMENT } from "../examples";
import { type PolicyRule } from "../rule";

export const noOptOut: PolicyRule = {
  code: "MESH6014",
  name: "no-opt-out",
  title: "No pod leaves the mesh",
  why: "A pod without a proxy is outside every policy of its namespace; one line in a template is enough for that.",
  wanted: "no opt-out in the pod template",
  remedy: "Remove the label or annotation; exempt what really cannot have a proxy.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: {
    istio: ["IST0103"],
    kyverno: ["prevent-disabling-injection-pods", "prevent-linkerd-pod-injection-override"],
  },
  checks: checksNamed("opts-out-of-mesh"),
  example: {
    wrong: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/inject: "false" } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1" }] }
`,
    right: DEPLOYMENT,
    unknown: [0, "spec.template.metadata.annotations.sidecar~istio~io/inject"],
  },
};
