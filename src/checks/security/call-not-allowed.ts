import type { Check } from "../check";
import { identitiesOf, ruleAdmits } from "../../facts";

export const callNotAllowed: Check = {
  code: "MESH1087",
  name: "call-not-allowed",
  area: "security",
  level: "error",
  title: "A service calls another that does not let it in",
  why: "The call graph says that it calls, and no ALLOW of the callee admits its identity: every call is answered with 403.",
  remedy: "Add the caller to an ALLOW of the callee, or remove the call.",
  relatives: {},
  *run(facts) {
    const { services, lookup } = facts;
    for (const caller of services) {
      const identities = identitiesOf(facts, caller);
      if (identities.length > 0)
        for (const call of caller.calls) {
          const callee = call.kind === "service" ? lookup.service(call) : undefined;
          if (!callee || callee === caller) continue;
          const allows = lookup.allowsOf(callee);
          if (allows.length === 0 && !lookup.isDefaultDeny(callee.namespace)) continue;
          const shut = identities.find(
            (who) => !allows.some((policy) => policy.rules.some((rule) => ruleAdmits(facts, rule, who))),
          );
          if (shut)
            yield {
              path: call.path,
              message: `${callee.name} lets nobody in as ${shut.principal}, which ${caller.name} is`,
            };
        }
    }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: {} }] }
  - { name: jobs, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: {} }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: {} }] }
  - { name: jobs, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: {} }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ services: [web, jobs] }] }] }] }
`,
  },
};
