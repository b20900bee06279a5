import type { Check } from "../check";

export const retriesWithoutCondition: Check = {
  code: "MESH1009",
  name: "retries-without-condition",
  area: "routes",
  level: "error",
  title: "Retries that are never made",
  why: "Without a condition and without statuses nothing is ever retried, however many attempts are allowed.",
  remedy: "Say what to retry on, or remove the retries.",
  relatives: {},
  *run({ lookup }) {
    for (const { retries } of lookup.retried().map(({ rule }) => rule))
      if (retries.on.length === 0 && retries.statuses.length === 0)
        yield {
          path: `${retries.path}.on`,
          message: `${retries.attempts} attempts, but nothing is retried: no condition and no status`,
        };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 2, on: [] } }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 2, on: [], statuses: [503] } }] }
`,
  },
};
