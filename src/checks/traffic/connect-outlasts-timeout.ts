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
      for (const rule of route.rules)
        for (const backend of rule.backends) {
          const traffic = backend.kind === "service" ? lookup.service(backend)?.traffic : undefined;
          const path = `${traffic?.path}.connectionPool.connectTimeout`;
          if (!traffic || told.has(path) || !wrote(path)) continue;
          const limit = Math.min(
            ...[rule.timeoutMs, rule.retries.attempts > 0 ? rule.retries.perTryTimeoutMs : 0].filter((ms) => ms > 0),
          );
          if (traffic.connectionPool.connectTimeoutMs <= limit) continue;
          if (!Number.isFinite(limit)) continue;
          told.add(path);
          yield {
            path,
            message: `Connecting to ${backend.name} may take ${formatDuration(traffic.connectionPool.connectTimeoutMs)}, but ${route.name} gives up after ${formatDuration(limit)}`,
          };
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
