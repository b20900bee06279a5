import type { Check } from "../check";
import { formatDuration } from "../../model/units";

export const connectOutlastsTimeout: Check = {
  code: "MESH1040",
  name: "connect-outlasts-timeout",
  area: "traffic",
  level: "warning",
  title: "Connecting may take as long as the whole request",
  why: "A lost endpoint holds the request in the connect phase until its timeout, so no retry reaches another endpoint.",
  remedy: "Make connectTimeout shorter than the route's timeout or perTryTimeout.",
  relatives: {},
  *run({ routes, lookup, wrote }) {
    const told = new Set<string>();
    for (const route of routes)
      for (const rule of route.rules) {
        const perTry = rule.retries.attempts > 0 ? rule.retries.perTryTimeoutMs : 0;
        const limit = Math.min(rule.timeoutMs || Infinity, perTry || Infinity);
        if (limit === Infinity) continue;
        for (const backend of rule.backends) {
          const traffic = backend.kind === "service" ? lookup.service(backend)?.traffic : undefined;
          const connect = traffic?.connectionPool.connectTimeoutMs ?? 0;
          if (!traffic || connect <= limit) continue;
          const path = `${traffic.path}.connectionPool.connectTimeout`;
          if (told.has(path) || !wrote(path)) continue;
          told.add(path);
          yield {
            path,
            message: `Connecting to ${backend.name} may take ${formatDuration(connect)}, but ${route.name} gives up after ${formatDuration(limit)}`,
          };
        }
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { connectionPool: { connectTimeout: 10s } } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 2s }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { connectionPool: { connectTimeout: 500ms } } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 2s }] }
`,
  },
};
