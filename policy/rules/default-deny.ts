import { usesIstio, usesLinkerd } from "../../src/facts";
import { checksNamed } from "../checks";
import { DENY_ALL, documents, INJECTED_NAMESPACE, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const [noDefaultDeny] = checksNamed("no-default-deny");

export const defaultDeny: PolicyRule = {
  code: "MESH6006",
  name: "default-deny",
  title: "A namespace is closed unless it says otherwise",
  why: "Where no policy allows anything, the mesh allows everything: one workload that is taken over may call every other.",
  wanted: "a policy that denies what nothing allows",
  remedy:
    "Write an AuthorizationPolicy with an empty spec in the namespace (Linkerd: annotation config.linkerd.io/default-inbound-policy: deny; Lattice: authType AWS_IAM), then allow who calls.",
  scope: "stack",
  levels: { baseline: "disabled", strict: "mandatory" },
  off: "Closing a namespace that was open stops every call that nobody listed. Where a policy exists, `authorization-coverage` says in `baseline` what it leaves open.",
  relatives: {
    kyverno: ["create-authorizationpolicy", "require-authorizationpolicy", "add-linkerd-policy-annotation"],
  },
  checks: checksNamed("allow-anyone", "allow-nothing"),
  *run({ facts, raw, resources, model }) {
    for (const { path, scope, closed } of raw.access)
      if (!closed) yield { path, message: `Whoever reaches ${scope} may call it`, found: "no authorization" };
    // Without a mesh there is nobody to deny.
    if (noDefaultDeny && (model || usesIstio(resources) || usesLinkerd(resources)))
      for (const hit of noDefaultDeny.run(facts)) yield { ...hit, code: noDefaultDeny.code };
  },
  example: {
    wrong: documents(INJECTED_NAMESPACE, SERVICE),
    right: documents(INJECTED_NAMESPACE, SERVICE, DENY_ALL),
    unknown: [2, "metadata.namespace", "right"],
  },
};
