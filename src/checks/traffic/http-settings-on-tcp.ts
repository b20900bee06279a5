import type { Check } from "../check";
import { isHttp } from "../support";

export const httpSettingsOnTcp: Check = {
  code: "MESH1036",
  name: "http-settings-on-tcp",
  area: "traffic",
  level: "warning",
  title: "Settings for requests on a service that has none",
  why: "A service of tcp and tls ports has connections, not requests: hashing a header, limiting requests or counting 5xx does nothing there.",
  remedy: "Use the connection's own: sourceIp, maxConnections.",
  relatives: {},
  *run({ services }) {
    for (const { name, ports, traffic } of services) {
      if (ports.some((p) => isHttp(p.protocol))) continue;
      const { hashOn, affinity } = traffic.loadBalancing;
      const pool = traffic.connectionPool;
      if (hashOn.some((key) => key.kind !== "sourceIp") || affinity)
        yield {
          path: `${traffic.path}.loadBalancing`,
          message: `${name} has no requests whose headers or cookies could be hashed`,
        };
      for (const field of ["maxPendingRequests", "maxRequests", "maxRequestsPerConnection", "maxRetries"] as const)
        if (pool[field] !== undefined)
          yield { path: `${traffic.path}.connectionPool.${field}`, message: `${name} has no requests to limit` };
      if (traffic.rateLimits.length > 0)
        yield { path: `${traffic.path}.rateLimits`, message: `${name} has no requests to limit` };
    }
  },
  example: {
    wrong: `
services: [{ name: db, ports: [{ port: 5432, protocol: tcp }], traffic: { connectionPool: { maxRequests: 10 } } }]
`,
    right: `
services: [{ name: db, ports: [{ port: 5432, protocol: tcp }], traffic: { connectionPool: { maxConnections: 10 } } }]
`,
  },
};
