import type { Check } from "../check";
import type { MtlsPolicy } from "../../model/model";

export const conflictingMtlsPolicies: Check = {
  code: "MESH1074",
  name: "conflicting-mtls-policies",
  area: "security",
  level: "error",
  title: "Two mTLS policies for the same workloads",
  why: "Where two policies are aimed equally narrowly, the older one counts, by a rule that no file shows. One of them is without effect.",
  remedy: "Join them, or aim one of them at other workloads.",
  relatives: { istio: ["IST0113 (retired)"], kiali: ["KIA0001"] },
  *run({ services, lookup }) {
    const told = new Set<MtlsPolicy>();
    const index = lookup.mtlsPolicies();
    for (const service of services)
      for (const labels of lookup.labelSets(service)) {
        const [first, ...others] = index.ofWorkload(service, labels);
        for (const other of others) {
          if (!first || told.has(other) || other.mode === first.mode) continue;
          told.add(other);
          yield {
            path: other.path,
            message: `${first.name} says ${first.mode} and ${other.name} says ${other.mode} for ${service.name}`,
          };
        }
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], labels: { app: cart, tier: back } }]
policies:
  mtls:
    - { name: cart, target: { service: cart }, mode: STRICT }
    - { name: back, selector: { tier: back }, mode: PERMISSIVE }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], labels: { app: cart, tier: back } }]
policies:
  mtls:
    - { name: cart, target: { service: cart }, mode: STRICT }
    - { name: back, selector: { tier: back }, mode: STRICT }
`,
  },
};
