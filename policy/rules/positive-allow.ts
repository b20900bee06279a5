import { reading } from "../../src/facts";
import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const positiveAllow: PolicyRule = {
  code: "MESH6012",
  name: "positive-allow",
  title: "Policies allow by naming, and paths are normalised",
  why: "An ALLOW that names only exceptions lets in whatever its author did not think of; a DENY of one spelling of a path is evaded by another.",
  wanted: "ALLOW with what is allowed, DENY with what is denied; paths merged (MERGE_SLASHES)",
  remedy:
    "Name who and what may in ALLOW; deny by prefix; set meshConfig.pathNormalization.normalization to MERGE_SLASHES or more.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { other: ["Istio: security best practices"] },
  checks: checksNamed("allow-by-exclusion", "exact-path-denied"),
  *run({ facts, resources }) {
    for (const { path, name, action, rules } of facts.authorization)
      for (const operation of action === "ALLOW" ? rules.flatMap((rule) => rule.to) : []) {
        const { methods, paths, ports, hosts, not } = operation;
        const named = methods.length + paths.length + ports.length + hosts.length;
        if (named === 0 && not.methods.length + not.paths.length + not.ports.length > 0)
          yield { path: operation.path || path, message: `${name} allows everything but what it names` };
      }
    for (const { id, body } of resources.of("install.istio.io/IstioOperator", "sailoperator.io/Istio"))
      for (const at of [
        ["spec", "meshConfig"],
        ["spec", "values", "meshConfig"],
      ]) {
        const mode = reading.text(reading.inside(body, ...at, "pathNormalization", "normalization"));
        if (mode === "NONE" || mode === "BASE")
          yield {
            path: `${id}#${at.join(".")}.pathNormalization.normalization`,
            message: "Double slashes get past rules about paths",
            found: mode,
            wanted: "MERGE_SLASHES",
          };
      }
  },
  example: {
    wrong: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: ALLOW, selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { notNamespaces: [test] } }] }] }
`,
    right: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: ALLOW, selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
    unknown: [0, "spec.rules.0.from.0.source.notNamespaces"],
  },
};
