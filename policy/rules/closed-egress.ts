import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const closedEgress: PolicyRule = {
  code: "MESH6028",
  name: "closed-egress",
  title: "Workloads call only what is declared outside",
  why: "An open way out is how data leaves. REGISTRY_ONLY is no security boundary: a workload can go around its proxy; only a NetworkPolicy or an egress gateway with one holds it.",
  wanted: "REGISTRY_ONLY (App Mesh: DROP_ALL; Linkerd: Deny)",
  remedy: "Declare what is called outside, close the rest, and hold the pods to it with a NetworkPolicy.",
  scope: "resource",
  levels: { baseline: "disabled", strict: "mandatory" },
  off: "Open is Istio's default, and only a NetworkPolicy makes a closed egress hold; which calls go outside has to be collected first.",
  relatives: { other: ["AWS Config mesh-deny-tcp-forwarding"] },
  checks: checksNamed("plain-text-to-outside"),
  *run({ raw, facts, model }) {
    // What is deployed says it where it is written; a mesh file that says nothing leaves it open.
    for (const check of model ? checksNamed("open-egress") : [])
      for (const hit of check.run(facts)) yield { ...hit, code: check.code };
    for (const { path, open, scope } of raw.egress)
      if (open) yield { path, message: `Workloads of ${scope} may call every address outside`, found: "open" };
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: ALLOW_ANY } }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
    unknown: [0, "spec.outboundTrafficPolicy.mode"],
  },
};
