import type { Check } from "../check";

const grpcPath = /^(\*|\/(\*|[\w.]+\*|[\w.]+\/(\*|\w+\*?)))$/;

export const grpcRuleThatNeverMatches: Check = {
  code: "MESH1096",
  name: "grpc-rule-that-never-matches",
  area: "security",
  level: "warning",
  title: "A rule about requests that gRPC never sends",
  why: "A gRPC call is a POST to /package.Service/Method. A rule for GET, or for another form of path, never matches a service that speaks gRPC alone.",
  remedy: "Write paths as /package.Service/Method, and no method but POST.",
  relatives: { kiali: ["KIA0102"] },
  *run({ authorization, lookup }) {
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const operation of rule.to) {
          const method = operation.methods.length > 0 && !operation.methods.some((m) => m === "POST" || m === "*");
          const path = operation.paths.find((p) => !grpcPath.test(p) && !p.startsWith("*"));
          if (!method && path === undefined) continue;
          const service = lookup
            .servicesOf(policy)
            .find((s) => s.ports.length > 0 && s.ports.every((p) => p.protocol === "grpc"));
          if (service)
            yield {
              path: operation.path,
              message: `${service.name} speaks gRPC, which never sends ${method ? operation.methods.join(", ") : path}`,
            };
        }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ methods: [DELETE] }] }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ paths: [/shop.Cart/Drop] }] }] }] }
`,
  },
};
