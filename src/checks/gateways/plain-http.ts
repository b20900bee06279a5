import type { Check } from "../check";

export const plainHttp: Check = {
  code: "MESH1064",
  name: "plain-http",
  area: "gateways",
  level: "warning",
  title: "The gateway serves its routes without TLS",
  why: "What users send, cookies and passwords among it, crosses the internet in plain text, and anybody between can change the answers.",
  remedy: "Serve the route on an https listener, and redirect http there (tls.redirectHttp).",
  relatives: { other: ["gatekeeper-library: httpsonly"] },
  *run({ routes, lookup }) {
    for (const route of routes)
      for (const parent of route.parents) {
        if (parent.kind !== "gateway") continue;
        const plain = lookup.listenersOf(parent).find((l) => l.protocol === "http" && !l.tls);
        const answers = route.rules.some((r) => r.backends.length > 0);
        if (plain && answers)
          yield {
            path: parent.path,
            message: `${route.name} is served in plain text on listener ${plain.name} of ${parent.name}`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 80, protocol: http }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop, redirectHttp: true } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
  },
};
