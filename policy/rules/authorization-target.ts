import { documents, LINKERD_SERVER, SERVICE } from "../examples";
import { missing } from "../missing";
import { type PolicyRule } from "../rule";

export const authorizationTarget: PolicyRule = {
  code: "MESH6008",
  name: "authorization-target",
  title: "What a policy is for exists",
  why: "A policy for something that is not there protects nothing, and looks as if it did.",
  wanted: "a target that exists",
  remedy: "Correct the name, or remove the policy.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kyverno: ["check-linkerd-authorizationpolicy"], kiali: ["KIA0104"] },
  *run(estate) {
    yield* missing(estate, "authorization");
  },
  example: {
    wrong: documents(
      SERVICE,
      `
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  targetRef: { group: policy.linkerd.io, kind: Server, name: crat }
  requiredAuthenticationRefs: [{ kind: ServiceAccount, name: default }]
`,
    ),
    right: documents(
      SERVICE,
      LINKERD_SERVER,
      `
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  targetRef: { group: policy.linkerd.io, kind: Server, name: cart }
  requiredAuthenticationRefs: [{ kind: ServiceAccount, name: default }]
`,
    ),
    unknown: [1, "spec.targetRef.name"],
  },
};
