import type { Check } from "../check";

export const denyEvadedInPlainText: Check = {
  code: "MESH1079",
  name: "deny-evaded-in-plain-text",
  area: "security",
  level: "error",
  title: "A DENY by identity that plain text gets around",
  why: "Under PERMISSIVE a caller may leave its certificate out. It then has no identity, the DENY does not match, and it is let in.",
  remedy: "Make the service STRICT, or turn the rule into an ALLOW.",
  relatives: { kiali: ["KIA0105"] },
  *run({ authorization, lookup }) {
    for (const policy of authorization) {
      if (policy.action !== "DENY") continue;
      for (const rule of policy.rules) {
        const source = rule.from.find((f) => f.principals.length + f.services.length + f.namespaces.length > 0);
        if (!source) continue;
        const open = lookup
          .servicesOf(policy)
          .find((s) => s.ports.some((p) => lookup.modesOf(s, p).includes("PERMISSIVE")));
        if (open)
          yield {
            path: source.path,
            message: `${open.name} takes plain text, so those whom ${policy.name} denies get in without a certificate`,
          };
      }
    }
  },
  example: {
    wrong: `
mtls: { mode: PERMISSIVE }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ from: [{ service: web }] }] }]
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ from: [{ service: web }] }] }]
`,
  },
};
