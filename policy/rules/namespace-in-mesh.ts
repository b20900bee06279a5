import { isInjected, isLater, usesIstio, usesLinkerd } from "../../src/facts";
import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

const apart = /^(kube-|istio-|linkerd|cert-manager$|gatekeeper-|kyverno$)/;

export const namespaceInMesh: PolicyRule = {
  code: "MESH6013",
  name: "namespace-in-mesh",
  title: "Namespaces with workloads are in the mesh",
  why: "Policies of the mesh hold where its proxy stands. A namespace without it keeps none of them, silently.",
  wanted: "label istio-injection: enabled (or istio.io/rev, or ambient), or annotation linkerd.io/inject: enabled",
  remedy: "Label the namespace, and restart its pods.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: {
    istio: ["IST0102"],
    kyverno: [
      "enforce-sidecar-injection-namespace",
      "add-sidecar-injection-namespace",
      "enforce-ambient-mode-namespace",
      "add-ambient-mode-namespace",
      "require-linkerd-mesh-injection",
      "add-linkerd-mesh-injection",
    ],
  },
  checks: checksNamed("namespace-not-injected"),
  *run({ facts, resources }) {
    if (!usesIstio(resources) && !usesLinkerd(resources)) return;
    for (const namespace of resources.of("core/Namespace")) {
      if (isInjected(namespace) || apart.test(namespace.name) || isLater(namespace.name)) continue;
      // Injection that nobody can read yet may be on.
      if (Object.values(namespace.labels).some(isLater)) continue;
      const bare = facts.workloads.find((w) => w.namespace === namespace.name && !w.injected && w.replicas > 0);
      if (bare)
        yield {
          path: `${namespace.id}#metadata.labels`,
          message: `Nothing puts ${bare.name} of ${namespace.name} into the mesh`,
          found: "no injection",
        };
    }
  },
  example: {
    wrong: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1" }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
    right: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1" }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
    unknown: [0, "metadata.labels"],
  },
};
