import type { Check } from "../check";

export const listenerWithoutCertificate: Check = {
  code: "MESH1063",
  name: "listener-without-certificate",
  area: "gateways",
  level: "error",
  title: "A TLS listener without a certificate",
  why: "A listener that ends TLS and has nothing to show refuses every connection; some meshes drop the whole gateway.",
  remedy: "Name the secret: tls: { certificateRef: … }.",
  relatives: { istio: ["IST0161"], other: ["gatekeeper-library: httpsonly"] },
  *run({ gateways }) {
    for (const gateway of gateways)
      for (const { path, protocol, tls, name } of gateway.listeners) {
        const ends =
          protocol === "https" ||
          (protocol === "tls" && tls?.mode !== "PASSTHROUGH") ||
          (tls !== undefined && tls.mode !== "PASSTHROUGH");
        if (ends && tls?.certificateRef === undefined)
          yield { path, message: `Listener ${name} of ${gateway.name} ends TLS, but has no certificate` };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop } }] }]
routes:
  - { name: web, gateway: public, http: [{ backends: [{ service: web }] }] }
`,
  },
};
