import type { Check } from "../check";
import type { Source } from "../../model/model";

const onlyExcludes = (source: Source): boolean => {
  const { services, principals, namespaces, ipBlocks, requestPrincipals, not } = source;
  const names = services.length + principals.length + namespaces.length + ipBlocks.length + requestPrincipals.length;
  return names === 0 && not.principals.length + not.namespaces.length + not.ipBlocks.length > 0;
};

export const allowByExclusion: Check = {
  code: "MESH1084",
  name: "allow-by-exclusion",
  area: "security",
  level: "warning",
  title: "An ALLOW that names only who may not",
  why: "Everybody else gets in: callers without a certificate, and whatever is deployed tomorrow. Safe policies ALLOW by naming and DENY by excluding.",
  remedy: "Name who may call, or make it a DENY policy.",
  relatives: { other: ["Istio: security best practices, ALLOW with positive matching"] },
  *run({ authorization }) {
    for (const policy of authorization)
      for (const rule of policy.action === "ALLOW" ? policy.rules : [])
        for (const source of rule.from)
          if (onlyExcludes(source))
            yield { path: source.path, message: `${policy.name} lets everybody in but those it names` };
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ not: { ipBlocks: [10.9.0.0/16] } }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ ipBlocks: [10.0.0.0/8], not: { ipBlocks: [10.9.0.0/16] } }] }] }] }
`,
  },
};
