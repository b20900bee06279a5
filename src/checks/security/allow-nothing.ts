import type { Check } from "../check";

export const allowNothing: Check = {
  code: "MESH1081",
  name: "allow-nothing",
  area: "security",
  level: "warning",
  title: "An ALLOW that allows nothing",
  why: "An ALLOW policy without rules closes what it applies to: a common way to write a default deny, and a common leftover of an edit.",
  remedy: "If it is meant, write policies.defaultDeny, which says so; otherwise add the rules.",
  relatives: {},
  *run({ authorization }) {
    for (const policy of authorization)
      if (policy.action === "ALLOW" && policy.rules.length === 0)
        yield {
          path: policy.path,
          message: `${policy.name} allows nobody, so everything that it applies to is closed`,
        };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: closed }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { defaultDeny: true }
`,
  },
};
