import type { Check } from "../check";

export const sharedCertificate: Check = {
  code: "MESH1062",
  name: "shared-certificate",
  area: "gateways",
  level: "warning",
  title: "One certificate on two gateways",
  why: "Browsers reuse an HTTP/2 connection for every name that its certificate covers. Requests for the second gateway's name then arrive at the first, which answers 404.",
  remedy: "Put the hosts on one gateway, or give each gateway a certificate of its own.",
  relatives: { istio: ["IST0138"] },
  *run({ gateways }) {
    const seen = new Map<string, { gateway: string; hostname?: string }>();
    for (const gateway of gateways)
      for (const listener of gateway.listeners) {
        const certificate = listener.tls?.certificateRef;
        if (typeof certificate !== "string" || (listener.protocol !== "https" && listener.protocol !== "grpc"))
          continue;
        const key = `${gateway.namespace}/${certificate}`;
        const other = seen.get(key);
        if (!other) seen.set(key, { gateway: gateway.path, hostname: listener.hostname });
        else if (other.gateway !== gateway.path && other.hostname !== listener.hostname)
          yield {
            path: listener.path,
            message: `The certificate ${certificate} is on another gateway too, for ${other.hostname ?? "every host"}`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways:
  - { name: a, listeners: [{ port: 443, protocol: https, hostname: a.example, tls: { certificateRef: wild } }] }
  - { name: b, listeners: [{ port: 443, protocol: https, hostname: b.example, tls: { certificateRef: wild } }] }
routes:
  - { name: web, parents: [{ gateway: a }, { gateway: b }], http: [{ backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
gateways:
  - { name: a, listeners: [{ port: 443, protocol: https, hostname: a.example, tls: { certificateRef: a } }] }
  - { name: b, listeners: [{ port: 443, protocol: https, hostname: b.example, tls: { certificateRef: b } }] }
routes:
  - { name: web, parents: [{ gateway: a }, { gateway: b }], http: [{ backends: [{ service: web }] }] }
`,
  },
};
