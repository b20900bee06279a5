import type { Check } from "../check";

export const tokenNotRequired: Check = {
  code: "MESH1091",
  name: "token-not-required",
  area: "security",
  level: "warning",
  title: "Requests without a token are let through",
  why: "A JWT policy refuses bad tokens, not missing ones. Whoever leaves the token out is not asked for one.",
  remedy: "Set required: true, or write an ALLOW with requestPrincipals.",
  relatives: { other: ["Istio: RequestAuthentication alone does not require a token"] },
  *run({ jwt, lookup }) {
    for (const policy of jwt) {
      if (policy.required) continue;
      const open = lookup
        .servicesOf(policy)
        .find(
          (s) =>
            !lookup
              .policiesOf(s)
              .some((p) =>
                p.rules.some((r) => r.when.length > 0 || r.from.some((f) => f.requestPrincipals.length > 0)),
              ),
        );
      if (open)
        yield {
          path: policy.path,
          message: `${open.name} answers requests without a token: ${policy.name} only refuses bad ones`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies:
  jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: https://id.example/keys }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies:
  jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: https://id.example/keys, required: true }]
`,
  },
};
