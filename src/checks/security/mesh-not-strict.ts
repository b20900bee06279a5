import type { Check } from "../check";

export const meshNotStrict: Check = {
  code: "MESH1070",
  name: "mesh-not-strict",
  area: "security",
  level: "info",
  title: "The mesh takes plain text",
  why: "Under PERMISSIVE a workload answers whoever reaches its port, without a certificate; it is meant for moving into the mesh, and stays for years.",
  remedy: "Set spec.mtls.mode to STRICT once every client is in the mesh.",
  relatives: { kiali: ["KIA0205", "KIA0206"], kyverno: ["enforce-strict-mtls"] },
  *run({ mesh, services, lookup }) {
    if (mesh.mode !== "PERMISSIVE") return;
    const open = services.some((s) => s.ports.some((p) => lookup.modesOf(s, p).includes("PERMISSIVE")));
    if (open)
      yield { path: mesh.path, message: "Services of this mesh answer plain text from anyone who reaches them" };
  },
  example: {
    wrong: `
mtls: { mode: PERMISSIVE }
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
  },
};
