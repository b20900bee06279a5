import type { Check } from "../check";
import { keyOf } from "../../model/model";
import { ruleAdmits } from "../../facts";

export const gatewayNotAllowed: Check = {
  code: "MESH1088",
  name: "gateway-not-allowed",
  area: "security",
  level: "error",
  title: "The gateway sends requests to a service that does not let it in",
  why: "The service's policies admit the services that call it, and forget the gateway: every visitor gets 403.",
  remedy: "Allow the gateway's identity: from: [{ principals: [TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT] }].",
  relatives: {},
  *run(facts) {
    const { routes, lookup, mesh } = facts;
    for (const route of routes)
      for (const parent of route.parents) {
        const gateway = parent.kind === "gateway" ? lookup.gateway(parent) : undefined;
        if (!gateway) continue;
        const who = {
          namespace: gateway.namespace,
          principal: `${mesh.trustDomain}/ns/${gateway.namespace}/sa/${gateway.serviceAccount}`,
        };
        const told = new Set<string>();
        for (const backend of route.rules.flatMap((rule) => rule.backends)) {
          const service = backend.kind === "service" && backend.weight > 0 ? lookup.service(backend) : undefined;
          if (!service || told.has(keyOf(service))) continue;
          told.add(keyOf(service));
          const port = service.ports.find((p) => p.port === backend.port)?.targetPort;
          const allows = lookup.allowsOf(service);
          if (allows.length === 0 && !lookup.isDefaultDeny(service.namespace)) continue;
          if (!allows.some((policy) => policy.rules.some((rule) => ruleAdmits(facts, rule, who, port))))
            yield {
              path: backend.path,
              message: `${service.name} lets nobody in as ${who.principal}, which ${gateway.name} is`,
            };
        }
      }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
policies: { defaultDeny: true }
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, hostname: shop.example, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
policies:
  defaultDeny: true
  authorization: [{ name: web, target: { service: web }, rules: [{ from: [{ principals: [cluster.local/ns/shop/sa/public] }] }] }]
`,
  },
};
