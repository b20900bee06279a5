import type { Check } from "../check";

export const mtlsDisabled: Check = {
  code: "MESH1071",
  name: "mtls-disabled",
  area: "security",
  level: "warning",
  title: "mTLS is switched off",
  why: "Nothing is encrypted, nobody is authenticated, and no policy by identity can hold.",
  remedy: "Use STRICT (or PERMISSIVE while moving), and DISABLE for single ports at most.",
  relatives: {
    kyverno: ["enforce-tls-hosts-host-subnets"],
    other: ["AWS Config: virtual-node-backend-defaults-tls-on"],
  },
  *run({ mesh, mtls }) {
    if (mesh.mode === "DISABLE") yield { path: mesh.path, message: "mTLS is off for the whole mesh" };
    for (const policy of mtls)
      if (policy.mode === "DISABLE")
        yield { path: `${policy.path}.mode`, message: `mTLS is off for all that ${policy.name} applies to` };
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { mtls: [{ name: cart, target: { service: cart }, mode: DISABLE }] }
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }, { port: 9090, mtls: DISABLE }] }]
`,
  },
};
