import type { Check } from "../check";
import { matchesAll } from "../../facts";

export const faultTakesAll: Check = {
  code: "MESH1011",
  name: "fault-takes-all",
  area: "routes",
  level: "warning",
  title: "A fault that hits every request",
  why: "An abort of 100 % on a rule without conditions is an outage. Left over from an experiment, it is the kind that only production finds.",
  remedy: "Lower the percentage, or match a header that only the experiment sends.",
  relatives: {},
  *run({ lookup }) {
    for (const { route, rule } of lookup.filtered()) {
      const { filters, matches } = rule;
      if (!filters.fault?.abort || filters.fault.abort.percent < 100) continue;
      if (matches.length === 0 || matches.some(matchesAll))
        yield { path: `${filters.fault.path}.abort`, message: `Every request of ${route.name} is refused on purpose` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], filters: { fault: { abort: { status: 503 } } } }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], filters: { fault: { abort: { status: 503, percent: 1 } } } }] }
`,
  },
};
