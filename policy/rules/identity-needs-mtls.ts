import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const identityNeedsMtls: PolicyRule = {
  code: "MESH6010",
  name: "identity-needs-mtls",
  title: "Rules about identities stand where identities are proved",
  why: "Without mutual TLS nobody proves an identity: an ALLOW by identity lets nobody in, and a DENY by identity stops nobody.",
  wanted: "mutual TLS where a rule asks who calls",
  remedy: "Set the workload's mode to STRICT.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kiali: ["KIA0105"] },
  checks: checksNamed("identity-without-mtls", "deny-evaded-in-plain-text"),
  example: {
    wrong: `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: DISABLE } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
    right: `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
    unknown: [1, "spec.mtls.mode"],
  },
};
