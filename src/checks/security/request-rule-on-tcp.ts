import type { Check } from "../check";
import type { AuthorizationRule } from "../../model/model";
import { isHttp } from "../support";

const readsRequest = ({ from, to, when }: AuthorizationRule): boolean =>
  when.length > 0 ||
  from.some((f) => f.requestPrincipals.length > 0) ||
  to.some((t) => t.methods.length + t.paths.length + t.hosts.length + t.not.methods.length + t.not.paths.length > 0);

export const requestRuleOnTcp: Check = {
  code: "MESH1080",
  name: "request-rule-on-tcp",
  area: "security",
  level: "warning",
  title: "A rule over requests on a TCP port",
  why: "On a tcp port there is no method and no path to read. A DENY then denies the whole port, and an ALLOW does not count, so the port is closed too.",
  remedy:
    "Limit the rule to the HTTP ports (to: [{ ports: […] }]), and write a rule without request fields for the others.",
  relatives: { other: ["Istio: HTTP-only fields on TCP workloads (istio#25832, #37920)"] },
  *run({ authorization, lookup }) {
    for (const policy of authorization)
      for (const rule of policy.rules) {
        if (!readsRequest(rule) || (rule.to.length > 0 && rule.to.every((t) => t.ports.length > 0 && reads(t.ports))))
          continue;
        for (const service of lookup.servicesOf(policy)) {
          const tcp = service.ports.find((p) => !isHttp(p.protocol));
          if (!tcp) continue;
          yield {
            path: rule.path,
            message: `Port ${tcp.port} of ${service.name} is ${tcp.protocol}, and ${policy.name} has a rule over requests`,
          };
          break;
        }
        function reads(ports: readonly number[]): boolean {
          const all = lookup.servicesOf(policy).flatMap((s) => s.ports);
          return all.every((p) => isHttp(p.protocol) || !ports.includes(p.targetPort));
        }
      }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }, { port: 9000, protocol: tcp }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ paths: [/admin*] }] }] }]
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }, { port: 9000, protocol: tcp }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, action: DENY, rules: [{ to: [{ paths: [/admin*], ports: [80] }] }] }]
`,
  },
};
