import { isLater } from "../../src/facts";
import { checksNamed } from "../checks";
import { DEPLOYMENT, documents, SERVICE } from "../examples";
import { listSetting, type PolicyRule } from "../rule";

export const knownPrincipal: PolicyRule = {
  code: "MESH6009",
  name: "known-principal",
  title: "Who is named exists",
  why: "A rule for an identity that nobody has never matches: an ALLOW lets nobody in, a DENY stops nobody.",
  wanted: "an identity or namespace that something here has",
  remedy: "Write TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT with an account that a workload runs as.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { kiali: ["KIA0101", "KIA0106", "KIA0107"] },
  checks: checksNamed("unknown-principal"),
  settings: {
    namespaces: { type: "array", description: "All namespaces of the cluster; empty: not asked", default: [] },
  },
  *run({ facts }, settings) {
    const known = new Set(listSetting(settings, "namespaces"));
    if (known.size === 0) return;
    for (const { path, rules } of facts.authorization)
      for (const source of rules.flatMap((rule) => rule.from))
        for (const namespace of [...source.namespaces, ...source.not.namespaces])
          if (!namespace.includes("*") && !isLater(namespace) && !known.has(namespace))
            yield { path: source.path || path, message: `There is no namespace ${namespace}`, found: namespace };
  },
  example: {
    wrong: documents(
      SERVICE,
      DEPLOYMENT,
      `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/crat] } }] }] }
`,
    ),
    right: documents(
      SERVICE,
      DEPLOYMENT,
      `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }] }
`,
    ),
    unknown: [2, "spec.rules.0.from.0.source.principals.0"],
  },
};
