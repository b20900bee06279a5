import { checksNamed } from "../checks";
import { GET_ALLOWED } from "../examples";
import { type PolicyRule } from "../rule";

export const knownMethods: PolicyRule = {
  code: "MESH6011",
  name: "known-methods",
  title: "Methods are ones that HTTP has",
  why: "A method that no request ever has makes a rule that never matches; gRPC is always POST.",
  wanted: "a method of HTTP, in capitals",
  remedy: "Correct the spelling; for gRPC write POST and the method in the path.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kiali: ["KIA0102"] },
  checks: checksNamed("unknown-method", "grpc-rule-that-never-matches"),
  example: {
    wrong: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [get] } }] }] }
`,
    right: GET_ALLOWED,
    unknown: [0, "spec.rules.0.to.0.operation.methods.0"],
  },
};
