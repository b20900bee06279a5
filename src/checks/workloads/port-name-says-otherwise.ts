import type { Check } from "../check";
import type { Protocol } from "../../model/model";

/** Istio's convention: the part of a port's name before the first dash tells its protocol. */
const meant: Readonly<Record<string, readonly Protocol[]>> = {
  http: ["http", "http2"],
  http2: ["http2", "grpc"],
  grpc: ["grpc"],
  tcp: ["tcp"],
  tls: ["tls"],
  https: ["tls"],
  mongo: ["tcp"],
  mysql: ["tcp"],
  redis: ["tcp"],
};

export const portNameSaysOtherwise: Check = {
  code: "MESH1118",
  name: "port-name-says-otherwise",
  area: "workloads",
  level: "warning",
  title: "A port's name tells another protocol than the port",
  why: "Istio reads the protocol from the name, where the port says nothing better; people read it too. Where name and protocol differ, one of them is wrong.",
  remedy: "Rename the port, or correct its protocol.",
  relatives: { istio: ["IST0118"], kiali: ["KIA0601"] },
  *run({ services }) {
    for (const service of services)
      for (const port of service.ports) {
        const [prefix = ""] = port.name.split("-");
        const allowed = Object.hasOwn(meant, prefix) ? meant[prefix] : undefined;
        if (allowed && !allowed.includes(port.protocol))
          yield { path: port.path, message: `Port ${port.name} of ${service.name} is declared as ${port.protocol}` };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ name: grpc, port: 80, protocol: http }] }]
`,
    right: `
services: [{ name: cart, ports: [{ name: grpc, port: 80, protocol: grpc }] }]
`,
  },
};
