import type { Check } from "../check";
import { keyOf } from "../../model/model";

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
    const behind = new Map<string, string>();
    for (const route of routes) {
      const gateway = route.parents.find((p) => p.kind === "gateway");
      if (gateway)
        for (const rule of route.rules) for (const backend of rule.backends) behind.set(keyOf(backend), gateway.name);
    }
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from) {
          if (source.ipBlocks.length + source.not.ipBlocks.length === 0) continue;
          const service = lookup.servicesOf(policy).find((s) => behind.has(keyOf(s)));
          if (service)
            yield {
              path: source.path,
              message: `${service.name} is reached through ${behind.get(keyOf(service))}, whose address is all that it sees`,
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
