import type { Check } from "../check";
import { keyOf, type Source } from "../../model/model";

const nowhere: ReadonlySet<number> = new Set();
const asksAddress = (source: Source): boolean => source.ipBlocks.length + source.not.ipBlocks.length > 0;

export const addressBehindGateway: Check = {
  code: "MESH1094",
  name: "address-behind-gateway",
  area: "security",
  level: "warning",
  title: "A rule by address behind a gateway",
  why: "The service sees the gateway's address, not the visitor's: an ALLOW by address lets all visitors in or none.",
  remedy: "Rule by address at the gateway's own network, and by identity or token here.",
  relatives: {},
  *run({ authorization, routes, lookup }) {
    if (!authorization.some((p) => p.rules.some((r) => r.from.some(asksAddress)))) return;
    const behind = new Map<string, { readonly gateway: string; readonly ports: Set<number> }>();
    for (const route of routes) {
      const gateway = route.parents.find((p) => p.kind === "gateway");
      for (const backend of gateway ? route.rules.flatMap((rule) => rule.backends) : []) {
        const port = lookup.service(backend)?.ports.find((p) => p.port === backend.port);
        const known = behind.get(keyOf(backend)) ?? { gateway: gateway?.name ?? "", ports: new Set() };
        if (port) behind.set(keyOf(backend), known).get(keyOf(backend))?.ports.add(port.targetPort);
      }
    }
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from) {
          if (!asksAddress(source)) continue;
          const reached = (ports: ReadonlySet<number>) =>
            rule.to.length === 0 || rule.to.some((t) => t.ports.length === 0 || t.ports.some((p) => ports.has(p)));
          const service = lookup
            .servicesOf(policy)
            .find((s) => reached(behind.get(keyOf(s))?.ports ?? nowhere) && behind.has(keyOf(s)));
          if (service)
            yield {
              path: source.path,
              message: `${service.name} is reached through ${behind.get(keyOf(service))?.gateway}, whose address is all that it sees`,
            };
        }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
policies: { authorization: [{ name: web, target: { service: web }, rules: [{ from: [{ ipBlocks: [203.0.113.0/24] }] }] }] }
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
policies: { authorization: [{ name: web, target: { service: web }, rules: [{ from: [{ principals: [cluster.local/ns/shop/sa/public] }] }] }] }
`,
  },
};
