import type { Check } from "../check";

export const denyEveryone: Check = {
  code: "MESH1083",
  name: "deny-everyone",
  area: "security",
  level: "error",
  title: "A DENY for everyone",
  why: "DENY goes before every ALLOW. Without conditions it closes the service, whatever the other policies say.",
  remedy: "Say what is denied, or use policies.defaultDeny, which ALLOW rules can open.",
  relatives: {},
  *run({ authorization }) {
    for (const policy of authorization)
      for (const rule of policy.action === "DENY" ? policy.rules : [])
        if (rule.from.length + rule.to.length + rule.when.length === 0)
          yield { path: rule.path, message: `${policy.name} denies everything, and no ALLOW can open it` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{}] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ methods: [TRACE] }] }] }] }
`,
  },
};
