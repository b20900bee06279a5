import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const noShadowedRule: PolicyRule = {
  code: "MESH6023",
  name: "no-shadowed-rule",
  title: "Every rule can be reached",
  why: "The first rule that matches wins: a rule behind one that takes its requests is dead, and traffic goes where its author did not mean it to.",
  wanted: "the narrower rule first",
  remedy: "Put the narrower rule first, or remove it.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0130", "IST0131"] },
  checks: checksNamed("shadowed-rule"),
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }, { match: [{ uri: { prefix: /beta } }], route: [{ destination: { host: cart, subset: v2 } }] }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ match: [{ uri: { prefix: /beta } }], route: [{ destination: { host: cart, subset: v2 } }] }, { route: [{ destination: { host: cart } }] }] }
`,
    unknown: [0, "spec.http.0.match"],
  },
};
