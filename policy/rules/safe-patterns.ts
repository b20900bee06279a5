import { RE2JS } from "re2js";
import { isLater } from "../../src/facts";
import { type PolicyRule } from "../rule";

const problem = (regex: string): string | undefined => {
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export const safePatterns: PolicyRule = {
  code: "MESH6027",
  name: "safe-patterns",
  title: "Regular expressions are valid, and decide nothing alone",
  why: "An expression that does not compile takes the whole listener with it; who may in should not hang on an expression that is evaded by one character (CVE-2026-73552).",
  wanted: "RE2 that compiles; exact names or prefixes where a policy decides",
  remedy: "Correct the expression; write exact, prefix or suffix matches in policies.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0122 (retired)"], other: ["CVE-2026-73552"] },
  *run({ raw, facts }) {
    for (const { path, regex, decides } of raw.patterns) {
      const wrong = isLater(regex) ? undefined : problem(regex);
      if (wrong !== undefined) yield { path, message: `The expression does not compile: ${wrong}`, found: regex };
      else if (decides) yield { path, message: "Who may is decided by a regular expression alone", found: regex };
    }
    for (const { path, rules, name } of facts.authorization)
      for (const operation of rules.flatMap((rule) => rule.to))
        for (const written of operation.paths)
          if (/[\\^$()|+]|\.\*|\[/.test(written) && !written.includes("{"))
            yield {
              path: operation.path || path,
              message: `${name} writes a regular expression where the mesh reads text`,
              found: written,
              wanted: "text, with * at one end",
            };
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ match: [{ uri: { regex: "/items/(" } }], route: [{ destination: { host: cart } }] }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ match: [{ uri: { regex: "/items/[0-9]+" } }], route: [{ destination: { host: cart } }] }] }
`,
    unknown: [0, "spec.http.0.match.0.uri.regex"],
  },
};
