import type { Check } from "../check";
import { isHttp } from "../support";

export const healthCheckOfOtherProtocol: Check = {
  code: "MESH1038",
  name: "health-check-of-other-protocol",
  area: "traffic",
  level: "warning",
  title: "A health check that the port cannot answer",
  why: "An HTTP or gRPC question to a port that speaks neither fails every time, and the endpoints are all unhealthy.",
  remedy: "Use protocol: tcp, or name the port that answers.",
  relatives: {},
  *run({ services }) {
    for (const { name, ports, traffic } of services) {
      const check = traffic.healthCheck;
      if (!check || check.kind === "tcp") continue;
      const asked = check.port === undefined ? ports : ports.filter((p) => p.targetPort === check.port);
      if (
        asked.length > 0 &&
        asked.every((p) => !isHttp(p.protocol) || (check.kind === "grpc" && p.protocol === "http"))
      )
        yield {
          path: check.path,
          message: `${name} is asked over ${check.kind}, but its port speaks ${asked[0]?.protocol}`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: db, ports: [{ port: 5432, protocol: tcp }], traffic: { healthCheck: { protocol: http } } }]
`,
    right: `
services: [{ name: db, ports: [{ port: 5432, protocol: tcp }], traffic: { healthCheck: { protocol: tcp } } }]
`,
  },
};
