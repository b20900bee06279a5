import type { Check } from "../check";

export const serverFirstUnderPermissive: Check = {
  code: "MESH1116",
  name: "server-first-under-permissive",
  area: "workloads",
  level: "warning",
  title: "The server speaks first where the protocol must be guessed",
  why: "Under PERMISSIVE the proxy waits for the client's first byte to tell TLS from plain text. Client and server then wait for each other (MySQL, SMTP): each connection starts seconds late, or never.",
  remedy: "Make the port STRICT or DISABLE: ports: [{ mtls: STRICT }].",
  relatives: { other: ["Istio: server-first protocols", "Linkerd: protocol detection and opaque ports"] },
  *run({ services, lookup }) {
    for (const service of services)
      for (const port of service.ports)
        if (port.serverFirst && lookup.modesOf(service, port).includes("PERMISSIVE"))
          yield {
            path: port.path,
            message: `The server speaks first on port ${port.port} of ${service.name}, and the mode is PERMISSIVE`,
          };
  },
  example: {
    wrong: `
services: [{ name: db, ports: [{ port: 3306, protocol: tcp, serverFirst: true }] }]
`,
    right: `
services: [{ name: db, ports: [{ port: 3306, protocol: tcp, serverFirst: true, mtls: STRICT }] }]
`,
  },
};
