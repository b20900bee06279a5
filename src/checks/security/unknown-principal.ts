import type { Check } from "../check";
import { matchesPattern } from "../../facts";

export const unknownPrincipal: Check = {
  code: "MESH1076",
  name: "unknown-principal",
  area: "security",
  level: "warning",
  title: "A principal that no workload has",
  why: "A rule for an identity that nobody has never matches: an ALLOW lets nobody in, a DENY stops nobody. Usually the service account was renamed or the trust domain is another.",
  remedy: "Write the identity as TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT, or name the service: from: [{ service: … }].",
  relatives: { kiali: ["KIA0106"] },
  *run({ authorization, lookup, complete, mesh }) {
    const known = [...lookup.principals().keys()];
    const exact = lookup.principals();
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from)
          for (const principal of [...source.principals, ...source.not.principals]) {
            if (exact.has(principal) || (principal.includes("*") && known.some((p) => matchesPattern(principal, p))))
              continue;
            const ours = principal.startsWith(`${mesh.trustDomain}/`);
            if (complete.workloads || (ours && !principal.includes("*") && namespaceKnown(principal)))
              yield { path: source.path, message: `No workload has the identity ${principal}` };
          }
    /** Pods that exist already may have any account; but not one of a namespace whose workloads are all written here. */
    function namespaceKnown(principal: string): boolean {
      const [, , namespace] = principal.split("/");
      return namespace !== undefined && lookup.fullyDescribed(namespace);
    }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: web } }] }
  - { name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: {} }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ principals: [cluster.local/ns/shop/sa/wbe] }] }] }]
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: web } }] }
  - { name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: {} }] }
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ principals: [cluster.local/ns/shop/sa/web] }] }] }]
`,
  },
};
