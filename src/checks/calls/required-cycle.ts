import type { Check } from "../check";
import { cycles } from "../graph";
import { keyOf, type Service } from "../../model/model";

export const requiredCycle: Check = {
  code: "MESH1050",
  name: "required-cycle",
  area: "calls",
  level: "warning",
  title: "Services that need each other to answer",
  why: "In a cycle of required calls one request keeps several of each service busy, a slow member stalls all, and after an outage none can start before the others.",
  remedy: "Break the cycle, or mark a call as not required: calls: [{ service: …, required: false }].",
  relatives: {},
  *run({ services, lookup }) {
    for (const members of cycles(services, (service) => lookup.callees(service, { required: true }))) {
      const first = members[0] as Service;
      const names = new Set(members.map(keyOf));
      const edge = first.calls.find((call) => call.required && names.has(keyOf(call)));
      yield {
        path: edge?.path ?? first.path,
        message: `${members.map((m) => m.name).join(" → ")} → ${first.name}: each needs the next to answer`,
      };
    }
  },
  example: {
    wrong: `
services:
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }], calls: [cart] }
`,
    right: `
services:
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }], calls: [{ service: cart, required: false }] }
`,
  },
};
