import { checksNamed } from "../checks";
import { documents, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const authorizationPolicy = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ when: [{ key: "request.auth.claims[group]", values: [admin] }] }] }
`;

export const claimsNeedJwt: PolicyRule = {
  code: "MESH6029",
  name: "claims-need-jwt",
  title: "What asks for claims has a token verified",
  why: "Routes and rules by a token's claims never match, or match what a client made up, where nothing verifies the token.",
  wanted: "a RequestAuthentication for the workload",
  remedy: "Add a RequestAuthentication for the same pods, and an ALLOW that requires its principals.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0149"] },
  checks: checksNamed("claim-without-token", "keys-over-plain-http", "token-for-anyone"),
  *run({ facts }) {
    for (const { rules } of facts.routes)
      for (const { path, headers } of rules.flatMap((rule) => rule.matches))
        for (const { name } of headers)
          if (name.startsWith("@request.auth.claims") && facts.jwt.length === 0)
            yield { path, message: `This routes by ${name.slice(1)}, and nothing verifies tokens`, found: name };
  },
  example: {
    wrong: documents(SERVICE, authorizationPolicy),
    right: documents(
      SERVICE,
      authorizationPolicy,
      `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  jwtRules: [{ issuer: https://login.example, audiences: [shop], jwksUri: https://login.example/keys }]
`,
    ),
    unknown: [1, "spec.rules.0.when.0.key"],
  },
};
