import type { Check } from "../check";

export const noDefaultDeny: Check = {
  code: "MESH1085",
  name: "no-default-deny",
  area: "security",
  level: "info",
  title: "A namespace without default deny",
  why: "A service that nobody wrote a policy for is open to every workload of the mesh: one taken pod reaches all of them.",
  remedy: "Set policies.defaultDeny to true, or list the namespace, and allow who calls.",
  relatives: {
    kyverno: ["create-authorizationpolicy", "require-authorizationpolicy", "add-linkerd-policy-annotation"],
    kiali: ["KIA1301"],
  },
  *run({ services, lookup }) {
    const told = new Set<string>();
    for (const service of services) {
      const { namespace } = service;
      if (told.has(namespace) || lookup.isDefaultDeny(namespace)) continue;
      if (
        lookup
          .authorization()
          .ofNamespace(namespace)
          .some((p) => p.action === "ALLOW")
      )
        continue;
      if (lookup.allowsOf(service).length > 0) continue;
      told.add(namespace);
      yield {
        path: service.path,
        message: `Everybody in the mesh may call ${service.name}, and what else is in namespace ${namespace}`,
      };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { defaultDeny: true }
`,
  },
};
