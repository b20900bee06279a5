import type { Check } from "../check";
import { sameRef } from "../../model/model";

export const unusedGrant: Check = {
  code: "MESH1089",
  name: "unused-grant",
  area: "security",
  level: "info",
  title: "A service is allowed to call, and does not",
  why: "Least privilege: whoever takes that service over may call this one as well, and nobody would miss it if it could not.",
  remedy: "Remove the grant, or add the call to the caller's calls.",
  relatives: {},
  *run({ authorization, lookup, complete }) {
    if (!complete.calls) return;
    for (const policy of authorization) {
      const { service } = policy.target;
      if (policy.action !== "ALLOW" || !service) continue;
      for (const rule of policy.rules)
        for (const source of rule.from)
          for (const granted of source.services)
            if (!lookup.calls(granted, service) && !sameRef(granted, service))
              yield {
                path: source.path,
                message: `${granted.name} may call ${service.name}, but its calls do not name it`,
              };
    }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart] }
  - { name: jobs, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ services: [web, jobs] }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart] }
  - { name: jobs, ports: [{ port: 80 }], calls: [cart] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ services: [web, jobs] }] }] }] }
`,
  },
};
