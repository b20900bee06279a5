import type { Check } from "../check";

export const allowAnyone: Check = {
  code: "MESH1082",
  name: "allow-anyone",
  area: "security",
  level: "warning",
  title: "An ALLOW for anyone",
  why: "A rule without conditions lets every caller do everything, without a certificate too: it undoes the default deny and all narrower rules of the service.",
  remedy: "Say who may call: from: [{ service: … }].",
  relatives: {},
  *run({ authorization }) {
    for (const policy of authorization)
      for (const rule of policy.action === "ALLOW" ? policy.rules : [])
        if (rule.from.length + rule.to.length + rule.when.length === 0)
          yield { path: rule.path, message: `${policy.name} lets everybody in` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{}] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ ipBlocks: [10.0.0.0/8] }] }] }] }
`,
  },
};
