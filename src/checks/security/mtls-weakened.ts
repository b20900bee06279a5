import type { Check } from "../check";

export const mtlsWeakened: Check = {
  code: "MESH1073",
  name: "mtls-weakened",
  area: "security",
  level: "warning",
  title: "A policy weakens the mesh's mTLS",
  why: "The mesh is STRICT, and everybody reads it so; for what this policy names plain text is taken all the same.",
  remedy: "Remove the policy, or exempt the one port that needs it.",
  relatives: { kiali: ["KIA0207", "KIA0208"], kyverno: ["enforce-strict-mtls"] },
  *run({ mesh, mtls }) {
    if (mesh.mode !== "STRICT") return;
    for (const policy of mtls)
      if (policy.mode === "PERMISSIVE")
        yield { path: `${policy.path}.mode`, message: `The mesh is STRICT, and ${policy.name} makes it PERMISSIVE` };
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { mtls: [{ name: cart, target: { service: cart }, mode: PERMISSIVE }] }
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { mtls: [{ name: cart, target: { service: cart }, mode: STRICT }] }
`,
  },
};
