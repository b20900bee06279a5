import type { Check } from "../check";
import type { AuthorizationRule } from "../../model/model";

const asksToken = (rule: AuthorizationRule): boolean =>
  rule.when.length > 0 || rule.from.some((f) => f.requestPrincipals.length > 0);

export const claimWithoutToken: Check = {
  code: "MESH1090",
  name: "claim-without-token",
  area: "security",
  level: "error",
  title: "A rule about a token that nobody verifies",
  why: "Claims are known only after a JWT policy has verified the token. Without one the rule never matches: ALLOW refuses everybody, DENY lets everybody in.",
  remedy: "Add a policies.jwt entry for the same service.",
  relatives: { istio: ["IST0149"] },
  *run({ authorization, lookup }) {
    for (const policy of authorization)
      for (const rule of policy.rules.filter(asksToken)) {
        const bare = lookup.servicesOf(policy).find((s) => lookup.jwtOf(s).length === 0);
        if (bare)
          yield {
            path: rule.path,
            message: `${policy.name} asks for a token's claims, and no JWT policy verifies tokens for ${bare.name}`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ when: [{ claim: role, values: [admin] }] }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ when: [{ claim: role, values: [admin] }] }] }]
  jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: https://id.example/keys }]
`,
  },
};
