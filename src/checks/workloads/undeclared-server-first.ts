import type { Check } from "../check";

/** Ports whose protocol starts with the server's greeting: SMTP, submission, FTP, IMAP, POP3, MySQL. */
const greeting = new Map([
  [25, "SMTP"],
  [587, "SMTP"],
  [21, "FTP"],
  [143, "IMAP"],
  [110, "POP3"],
  [3306, "MySQL"],
]);

export const undeclaredServerFirst: Check = {
  code: "MESH1117",
  name: "undeclared-server-first",
  area: "workloads",
  level: "warning",
  title: "A protocol where the server speaks first, not declared so",
  why: "Proxies that wait for the client's first byte hang with such protocols. Declared, the port is treated as opaque, and no mesh waits.",
  remedy: "Set serverFirst: true for the port.",
  relatives: { other: ["Linkerd: default opaque ports"] },
  *run({ services }) {
    for (const service of services)
      for (const port of service.ports) {
        const what = greeting.get(port.targetPort) ?? greeting.get(port.port);
        if (what && !port.serverFirst)
          yield {
            path: port.path,
            message: `Port ${port.port} of ${service.name} looks like ${what}, where the server speaks first`,
          };
      }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: db, ports: [{ port: 3306, protocol: tcp }] }]
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: db, ports: [{ port: 3306, protocol: tcp, serverFirst: true }] }]
`,
  },
};
