import type { Check } from "../check";

export const rateLimitByClientWithoutIdentity: Check = {
  code: "MESH1041",
  name: "rate-limit-by-client-without-identity",
  area: "traffic",
  level: "warning",
  title: "A limit by client where clients have no identity",
  why: "Clients are told apart by their certificate. Where mTLS is off, they all share one bucket, and one of them uses it up for the others.",
  remedy: "Turn mTLS on for the service, or limit by a header.",
  relatives: {},
  *run({ services, lookup }) {
    for (const service of services) {
      if (!service.traffic.rateLimits.some((limit) => limit.by?.kind === "client")) continue;
      const off = service.ports.every((port) => lookup.modesOf(service, port).includes("DISABLE"));
      if (!off) continue;
      for (const limit of service.traffic.rateLimits)
        if (limit.by?.kind === "client")
          yield {
            path: limit.path,
            message: `${service.name} takes plain text only, so its clients cannot be told apart`,
          };
    }
  },
  example: {
    wrong: `
mtls: { mode: DISABLE }
services: [{ name: cart, ports: [{ port: 80 }], traffic: { rateLimits: [{ requests: 10, by: client }] } }]
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, ports: [{ port: 80 }], traffic: { rateLimits: [{ requests: 10, by: client }] } }]
`,
  },
};
