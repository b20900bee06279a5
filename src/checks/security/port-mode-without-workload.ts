import type { Check } from "../check";

export const portModeWithoutWorkload: Check = {
  code: "MESH1075",
  name: "port-mode-without-workload",
  area: "security",
  level: "error",
  title: "An mTLS mode by port for a whole namespace",
  why: "Modes by port need to know whose port it is. Without a service or selector meshes ignore them (Istio) or refuse the policy.",
  remedy: "Aim the policy at a service or selector.",
  relatives: { other: ["Istio: peer_authentication.proto, portLevelMtls requires a selector"] },
  *run({ mtls }) {
    for (const policy of mtls) {
      const [port] = policy.ports;
      if (port && !policy.target.service && !policy.target.selector)
        yield { path: port.path, message: `${policy.name} applies to a namespace, where modes by port are ignored` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 8080 }] }]
policies: { mtls: [{ name: all, mode: STRICT, ports: { 8080: PERMISSIVE } }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 8080 }] }]
policies: { mtls: [{ name: cart, target: { service: cart }, mode: STRICT, ports: { 8080: PERMISSIVE } }] }
`,
  },
};
