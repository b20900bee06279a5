import type { Check } from "../check";

export const tokenForAnyone: Check = {
  code: "MESH1092",
  name: "token-for-anyone",
  area: "security",
  level: "warning",
  title: "Tokens of any audience are taken",
  why: "A token that the same issuer made for another application is good here as well: whoever holds one can replay it.",
  remedy: "Name the audiences of this service.",
  relatives: {},
  *run({ jwt }) {
    for (const policy of jwt)
      if (policy.audiences.length === 0)
        yield {
          path: policy.path,
          message: `${policy.name} takes every token of ${policy.issuer}, for whomever it was made`,
        };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, jwksUri: https://id.example/keys, required: true }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: https://id.example/keys, required: true }] }
`,
  },
};
