import type { Check } from "../check";

export const exactPathDenied: Check = {
  code: "MESH1095",
  name: "exact-path-denied",
  area: "security",
  level: "warning",
  title: "A DENY of exactly one spelling of a path",
  why: "/admin is denied, /admin/ and /admin/users are not, and the application may read them the same way. Denials by exact path are what authorization bypasses look for (CVE-2026-73553, CVE-2026-73511).",
  remedy: "Deny the prefix as well (/admin*), or ALLOW the paths that are meant.",
  relatives: { other: ["Istio: security best practices, path normalization"] },
  *run({ authorization }) {
    for (const policy of authorization)
      for (const rule of policy.action === "DENY" ? policy.rules : [])
        for (const operation of rule.to) {
          const exact = operation.paths.filter((p) => !p.includes("*") && !/^\/[\w.]+\.[\w.]+\/\w+$/.test(p));
          const bare = exact.filter(
            (p) => !operation.paths.some((other) => other.endsWith("*") && p.startsWith(other.slice(0, -1))),
          );
          if (bare.length > 0)
            yield { path: operation.path, message: `${policy.name} denies ${bare.join(", ")}, but not ${bare[0]}/` };
        }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ paths: [/admin] }] }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ paths: ["/admin*"] }] }] }] }
`,
  },
};
