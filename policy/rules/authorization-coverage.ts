import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const authorizationCoverage: PolicyRule = {
  code: "MESH6007",
  name: "authorization-coverage",
  title: "Every workload is covered by authorization",
  why: "A namespace that looks closed, with one service that answers everybody, is the way in.",
  wanted: "a policy that applies to the workload",
  remedy: "Allow who calls it by name, or close the namespace (default-deny).",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { kiali: ["KIA1301"], kyverno: ["require-linkerd-server"] },
  checks: checksNamed("left-open", "gateway-not-allowed", "call-not-allowed"),
  example: {
    wrong: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
    right: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all, namespace: shop }
spec: {}
`,
    unknown: [4, "metadata.namespace", "right"],
  },
};
