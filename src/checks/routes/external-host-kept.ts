import type { Check } from "../check";

export const externalHostKept: Check = {
  code: "MESH1018",
  name: "external-host-kept",
  area: "routes",
  level: "warning",
  title: "Requests leave for another host with the old Host header",
  why: "A server outside knows its own names only. A request that arrives with the mesh's name is answered with 404 or 421, or by the wrong tenant.",
  remedy: "Rewrite the host: filters: { rewrite: { host: … } }.",
  relatives: {},
  *run({ routes, externals, lookup }) {
    if (externals.length === 0) return;
    for (const route of routes) {
      if (route.kind !== "http") continue;
      for (const { backends, filters } of route.rules)
        for (const backend of backends) {
          if (backend.kind !== "external" || backend.weight === 0) continue;
          const external = lookup.external(backend);
          if (!external || external.hosts.includes(filters.rewrite?.host ?? "")) continue;
          if (route.hostnames.length > 0 && route.hostnames.every((name) => external.hosts.includes(name))) continue;
          yield {
            path: backend.path,
            message: `${external.name} is called with a Host that is none of its own (${external.hosts.join(", ")})`,
            remedy: `Add filters: { rewrite: { host: ${external.hosts[0]} } }.`,
          };
        }
    }
  },
  example: {
    wrong: `
services: [{ name: rates, ports: [{ port: 80 }] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: http }], tls: { caCertificates: /etc/ssl/bank.pem } }]
routes:
  - { name: rates, service: rates, http: [{ backends: [{ service: bank }] }] }
`,
    right: `
services: [{ name: rates, ports: [{ port: 80 }] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: http }], tls: { caCertificates: /etc/ssl/bank.pem } }]
routes:
  - { name: rates, service: rates, http: [{ backends: [{ service: bank }], filters: { rewrite: { host: api.bank.example } } }] }
`,
  },
};
