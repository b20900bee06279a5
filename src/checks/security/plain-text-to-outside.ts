import type { Check } from "../check";
import { isHttp } from "../support";

export const plainTextToOutside: Check = {
  code: "MESH1099",
  name: "plain-text-to-outside",
  area: "security",
  level: "warning",
  title: "Plain text leaves the mesh",
  why: "Inside, everything is encrypted; this call crosses other networks readable and changeable.",
  remedy: "Let the proxy open TLS (tls: { mode: SIMPLE, … }), or declare the port as tls where the application does.",
  relatives: { kyverno: ["enforce-tls-hosts-host-subnets"] },
  *run({ externals }) {
    for (const external of externals) {
      const plain = external.tls ? undefined : external.ports.find((p) => isHttp(p.protocol));
      if (plain) yield { path: plain.path, message: `${external.name} is called in plain text on port ${plain.port}` };
    }
  },
  example: {
    wrong: `
services: [{ name: rates, ports: [{ port: 80 }], calls: [bank] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 80, protocol: http }] }]
`,
    right: `
services: [{ name: rates, ports: [{ port: 80 }], calls: [bank] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: tls }] }]
`,
  },
};
