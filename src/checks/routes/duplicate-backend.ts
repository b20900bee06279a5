import type { Check } from "../check";
import { keyOf, type RouteBackend, sameRef } from "../../model/model";

const same = (a: RouteBackend, b: RouteBackend): boolean =>
  sameRef(a, b) && a.version === b.version && a.port === b.port;

/** Two are compared with each other, more by a text for each. */
function repeated(backends: readonly RouteBackend[]): readonly RouteBackend[] {
  const [first, second] = backends;
  if (first === undefined || second === undefined) return [];
  if (backends.length === 2) return same(first, second) ? [second] : [];
  const seen = new Set<string>();
  return backends.filter((b) => {
    const key = `${keyOf(b)} ${b.version ?? ""} ${b.port}`;
    return seen.has(key) || !seen.add(key);
  });
}

export const duplicateBackend: Check = {
  code: "MESH1016",
  name: "duplicate-backend",
  area: "routes",
  level: "warning",
  title: "The same backend twice in one rule",
  why: "The shares add up, which no reader of the file sees; a change of one of them does not do what it says.",
  remedy: "Join the two entries and add their weights.",
  relatives: { kiali: ["KIA1104", "KIA1105"] },
  *run({ routes }) {
    for (const route of routes)
      for (const rule of route.rules) {
        for (const backend of repeated(rule.backends))
          yield {
            path: backend.path,
            message: `${backend.name}${backend.version ? ` ${backend.version}` : ""} is a backend of this rule already`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, weight: 50 }, { service: cart, weight: 50 }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, weight: 100 }] }] }
`,
  },
};
