import type { Check } from "../check";
import { asksIdentity } from "../../facts";

export const identityWithoutMtls: Check = {
  code: "MESH1078",
  name: "identity-without-mtls",
  area: "security",
  level: "error",
  title: "A rule by identity where there is no identity",
  why: "Who calls is known from the certificate alone. Where mTLS is off, such a rule never matches: ALLOW refuses everybody, DENY lets everybody in.",
  remedy: "Make the service STRICT, or rule by address.",
  relatives: { kiali: ["KIA0105"], other: ["Istio: authorization_policy.proto, principals require mTLS"] },
  *run({ authorization, lookup }) {
    for (const policy of authorization)
      for (const rule of policy.rules) {
        const source = rule.from.find(asksIdentity);
        if (!source) continue;
        const bare = lookup
          .servicesOf(policy)
          .find((s) => s.ports.every((p) => lookup.modesOf(s, p).includes("DISABLE")));
        if (bare)
          yield {
            path: source.path,
            message: `${policy.name} asks who calls ${bare.name}, which takes plain text only`,
          };
      }
  },
  example: {
    wrong: `
mtls: { mode: DISABLE }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }]
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }]
`,
  },
};
