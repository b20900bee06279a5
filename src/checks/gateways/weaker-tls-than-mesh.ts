import type { Check } from "../check";

export const weakerTlsThanMesh: Check = {
  code: "MESH1069",
  name: "weaker-tls-than-mesh",
  area: "gateways",
  level: "info",
  title: "The gateway takes older TLS than the mesh",
  why: "Inside the mesh TLS 1.3 is asked for, and the door from the internet takes 1.2.",
  remedy: "Set tls.minVersion of the listener to 1.3, if your clients can.",
  relatives: { kyverno: ["consul: enforce-min-tls-version"] },
  *run({ mesh, gateways }) {
    if (mesh.minVersion !== "1.3") return;
    for (const gateway of gateways)
      for (const listener of gateway.listeners)
        if (listener.tls && listener.tls.mode !== "PASSTHROUGH" && listener.tls.minVersion !== "1.3")
          yield {
            path: `${listener.path}.tls.minVersion`,
            message: `Listener ${listener.name} takes TLS ${listener.tls.minVersion}, the mesh 1.3 only`,
          };
  },
  example: {
    wrong: `
mtls: { minVersion: "1.3" }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop, minVersion: "1.2" } }] }]
routes:
  - { name: web, gateway: public, hostnames: [shop.example], http: [{ backends: [{ service: web }] }] }
`,
    right: `
mtls: { minVersion: "1.3" }
services: [{ name: web, ports: [{ port: 80 }] }]
gateways: [{ name: public, listeners: [{ port: 443, protocol: https, tls: { certificateRef: shop, minVersion: "1.3" } }] }]
routes:
  - { name: web, gateway: public, hostnames: [shop.example], http: [{ backends: [{ service: web }] }] }
`,
  },
};
