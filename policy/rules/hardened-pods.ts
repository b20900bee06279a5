import { inTemplate } from "../../src/facts";
import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const hardenedPods: PolicyRule = {
  code: "MESH6035",
  name: "hardened-pods",
  title: "Containers cannot undo the proxy",
  why: "A container with network capabilities, as root or as the proxy's own user changes or bypasses the redirection that the mesh's policies rest on.",
  wanted: "no root, no NET_ADMIN, NET_RAW or privileged, no user 1337 or 2102",
  remedy:
    "Set runAsNonRoot: true and drop capabilities; use the mesh's CNI plugin in place of init containers with NET_ADMIN.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: {
    istio: ["IST0144"],
    kyverno: ["service-mesh-disallow-capabilities", "service-mesh-require-run-as-nonroot"],
  },
  checks: checksNamed("privileged", "proxy-user"),
  *run({ facts }) {
    for (const { template, path, name } of facts.workloads) {
      const containers = inTemplate(template, "spec", "containers");
      for (const part of [
        inTemplate(template, "spec"),
        ...(Array.isArray(containers) ? (containers as unknown[]) : []),
      ]) {
        const user = inTemplate(part, "securityContext", "runAsUser");
        if (user === 0 || inTemplate(part, "securityContext", "runAsNonRoot") === false)
          yield {
            path: `${path}.securityContext`,
            message: `${name} may run as root`,
            found: user === 0 ? "runAsUser 0" : "runAsNonRoot false",
          };
      }
    }
  },
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
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1", securityContext: { privileged: true } }] }
`,
    right: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1", securityContext: { runAsNonRoot: true } }] }
`,
    unknown: [0, "spec.template.spec.containers.0.securityContext"],
  },
};
