import type { Check } from "../check";

export const externalNotVerified: Check = {
  code: "MESH1098",
  name: "external-not-verified",
  area: "security",
  level: "warning",
  title: "Nobody checks the certificate of an external service",
  why: "Without authorities to trust, older meshes encrypt to whoever answers: somebody on the way can answer instead.",
  remedy: "Name the authorities: tls: { caCertificates: … }.",
  relatives: { istio: ["IST0128", "IST0129"] },
  *run({ externals }) {
    for (const external of externals)
      if (external.tls && external.tls.caCertificates === undefined)
        yield {
          path: `${external.path}.tls`,
          message: `${external.name} is called over TLS without saying which authorities are trusted`,
        };
  },
  example: {
    wrong: `
services: [{ name: rates, ports: [{ port: 80 }], calls: [bank] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: http }], tls: { mode: SIMPLE } }]
`,
    right: `
services: [{ name: rates, ports: [{ port: 80 }], calls: [bank] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: http }], tls: { mode: SIMPLE, caCertificates: /etc/ssl/certs/ca-certificates.crt } }]
`,
  },
};
