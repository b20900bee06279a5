import type { Check } from "../check";

export const leftOpen: Check = {
  code: "MESH1086",
  name: "left-open",
  area: "security",
  level: "warning",
  title: "The one service of a namespace that nobody closed",
  why: "Its neighbours say who may call them, so the namespace looks closed; this one answers everybody.",
  remedy: "Write an ALLOW for it, or close the namespace by policies.defaultDeny.",
  relatives: { kiali: ["KIA1301"], kyverno: ["require-linkerd-server"] },
  *run({ services, lookup }) {
    const closed = new Map<string, string>();
    const allows = new Set<object>();
    for (const service of services)
      if (lookup.allowsOf(service).length > 0) {
        closed.set(service.namespace, service.name);
        allows.add(service);
      }
    for (const service of services) {
      const neighbour = closed.get(service.namespace);
      if (neighbour && !allows.has(service) && !lookup.isDefaultDeny(service.namespace))
        yield { path: service.path, message: `Everybody may call ${service.name}, while ${neighbour} says who may` };
    }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services:
  - { name: web, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }] }
policies: { defaultDeny: true, authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`,
  },
};
