import type { Check } from "../check";
import type { WorkloadFact } from "../../facts";
import { type Ref, sameRef } from "../../model/model";
import { RefMap } from "../../model/ref-map";

export const sharedIdentity: Check = {
  code: "MESH1097",
  name: "shared-identity",
  area: "security",
  level: "warning",
  title: "Two services share the identity that a rule names",
  why: "The service account is the identity. Where two services use one, whoever lets the first in lets the second in.",
  remedy: "Give each service an account of its own.",
  relatives: { other: ["kube-linter: default-service-account"] },
  *run({ authorization, lookup }) {
    const known = new RefMap<readonly WorkloadFact[]>();
    /** Workloads of others that run under one of its identities. */
    const sharers = (service: Ref) => {
      const seen = known.get(service);
      if (seen) return seen;
      const found = lookup
        .workloadsOf(service)
        .flatMap((w) => lookup.holdersOf(w.principal).filter((other) => !sameRef(other.service, service)));
      known.set(service, found);
      return found;
    };
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from)
          for (const named of source.services) {
            const other = sharers(named).find((w) => !source.services.some((s) => sameRef(s, w.service)));
            if (other)
              yield {
                path: source.path,
                message: `${policy.name} names ${named.name}, and means ${other.service.name} too: both run as ${other.serviceAccount}`,
              };
          }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: apps } }] }
  - { name: jobs, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: apps } }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: web } }] }
  - { name: jobs, ports: [{ port: 80 }], versions: [{ name: v1, workload: { serviceAccount: jobs } }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`,
  },
};
