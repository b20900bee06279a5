import type { Check } from "../check";
import { keyOf } from "../../model/model";

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
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from)
          for (const named of source.services) {
            const principals = lookup.workloadsOf(named).map((w) => w.principal);
            const other = principals
              .flatMap((p) => lookup.holdersOf(p))
              .find(
                (w) => keyOf(w.service) !== keyOf(named) && !source.services.some((s) => keyOf(s) === keyOf(w.service)),
              );
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
