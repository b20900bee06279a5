import type { Check } from "../check";

export const onePortTwoProtocols: Check = {
  code: "MESH1115",
  name: "one-port-two-protocols",
  area: "workloads",
  level: "error",
  title: "Two ports lead to one, in different protocols",
  why: "A process speaks one protocol on a port. The mesh reads the port in one of the two, and the other's requests fail.",
  remedy: "Give each protocol a targetPort of its own, or the same protocol to both ports.",
  relatives: { istio: ["IST0137"] },
  *run({ services }) {
    for (const { ports, name } of services)
      for (const [i, port] of ports.entries()) {
        const other = ports.slice(0, i).find((p) => p.targetPort === port.targetPort && p.protocol !== port.protocol);
        if (other)
          yield {
            path: port.path,
            message: `Port ${port.targetPort} of ${name} would speak ${other.protocol} (port ${other.port}) and ${port.protocol} (port ${port.port})`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080, protocol: http }, { port: 9000, targetPort: 8080, protocol: tcp }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80, targetPort: 8080, protocol: http }, { port: 9000, targetPort: 9000, protocol: tcp }] }]
`,
  },
};
