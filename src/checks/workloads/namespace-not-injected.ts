import type { Check } from "../check";

export const namespaceNotInjected: Check = {
  code: "MESH1108",
  name: "namespace-not-injected",
  area: "workloads",
  level: "warning",
  title: "Policies for services that have no sidecar",
  why: "Routes, limits and authorization of a service are enforced by the sidecar beside it. In a namespace without injection they are accepted by the mesh and do nothing.",
  remedy: "Set inject: true for the namespace, or remove the policies.",
  relatives: {
    istio: ["IST0102"],
    kyverno: [
      "enforce-sidecar-injection-namespace",
      "add-sidecar-injection-namespace",
      "require-linkerd-mesh-injection",
    ],
  },
  *run({ services, lookup }) {
    for (const service of services) {
      if (lookup.namespace(service.namespace)?.inject ?? true) continue;
      const policy = lookup.policiesOf(service)[0] ?? lookup.jwtOf(service)[0];
      if (policy)
        yield {
          path: policy.path,
          message: `${policy.name} is for ${service.name}, whose namespace ${service.namespace} has no sidecars`,
        };
      if (service.traffic.rateLimits.length > 0)
        yield {
          path: `${service.traffic.path}.rateLimits`,
          message: `Nothing limits what ${service.name} receives: namespace ${service.namespace} has no sidecars`,
        };
    }
  },
  example: {
    wrong: `
namespaces: [{ name: legacy, inject: false }]
services: [{ name: cart, namespace: legacy, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ to: [{ methods: [GET] }] }] }] }
`,
    right: `
namespaces: [{ name: legacy, inject: true }]
services: [{ name: cart, namespace: legacy, ports: [{ port: 80 }] }]
policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ to: [{ methods: [GET] }] }] }] }
`,
  },
};
