import type { Check } from "../check";

export const rateLimitCloses: Check = {
  code: "MESH1042",
  name: "rate-limit-closes",
  area: "traffic",
  level: "warning",
  title: "A limit that lets nothing through",
  why: "A limit of 0 requests answers everything with 429.",
  remedy: "Set requests to at least 1, or refuse by an authorization policy, which says so.",
  relatives: {},
  *run({ services }) {
    for (const { name, traffic } of services)
      for (const limit of traffic.rateLimits)
        if (limit.requests === 0)
          yield { path: limit.path, message: `${name} answers every request under ${limit.name} with ${limit.status}` };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { rateLimits: [{ requests: 0 }] } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { rateLimits: [{ requests: 100 }] } }]
`,
  },
};
