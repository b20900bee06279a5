import type { Check } from "../check";
import type { Rule } from "../../model/model";
import { covers, matchesAll } from "../../facts";
import { ruleName } from "../support";

const takesAll = (rule: Rule): boolean => rule.matches.length === 0 || rule.matches.some(matchesAll);
/** Whether each match of the later rule is covered by one of the earlier rule. */
function hides(earlier: Rule, later: Rule): boolean {
  for (const narrow of later.matches) if (!earlier.matches.some((wide) => covers(wide, narrow))) return false;
  return later.matches.length > 0;
}
function hiddenBy(rules: readonly Rule[], at: number): Rule | undefined {
  const later = rules[at] as Rule;
  for (let i = 0; i < at; i++) if (hides(rules[i] as Rule, later)) return rules[i];
  return undefined;
}

export const shadowedRule: Check = {
  code: "MESH1001",
  name: "shadowed-rule",
  area: "routes",
  level: "warning",
  title: "A rule that no request reaches",
  why: "The first rule that matches wins. A rule whose requests an earlier rule already takes is dead, and the traffic goes where its author did not mean it to go.",
  remedy: "Put the narrower rule first, or remove it.",
  relatives: { istio: ["IST0130"] },
  *run({ routes }) {
    for (const route of routes) {
      const all = route.rules.findIndex(takesAll);
      for (const [i, rule] of route.rules.entries()) {
        const first = all >= 0 && all < i ? route.rules[all] : hiddenBy(route.rules, i);
        if (first)
          yield {
            path: rule.path,
            message: `No request reaches this rule: ${ruleName(route, first)} takes them all before it`,
          };
      }
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - name: cart
    service: cart
    http:
      - backends: [{ service: cart, version: v1 }]
      - matches: [{ path: { prefix: /beta } }]
        backends: [{ service: cart, version: v2 }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - name: cart
    service: cart
    http:
      - matches: [{ path: { prefix: /beta } }]
        backends: [{ service: cart, version: v2 }]
      - backends: [{ service: cart, version: v1 }]
`,
  },
};
