import type { Check } from "../check";
import { keyOf } from "../../model/model";

export const unusedExternalService: Check = {
  code: "MESH1055",
  name: "unused-external-service",
  area: "calls",
  level: "info",
  title: "An external service that nobody calls",
  why: "Each declared host is a hole in a closed egress. One that no service calls and no route names is left over.",
  remedy: "Remove it, or name it in the calls of who uses it.",
  relatives: {},
  *run({ externals, services, routes }) {
    if (externals.length === 0) return;
    const used = new Set<string>();
    for (const service of services) for (const call of service.calls) used.add(keyOf(call));
    for (const route of routes)
      for (const rule of route.rules)
        for (const target of [...rule.backends, ...rule.filters.mirrors]) used.add(keyOf(target));
    for (const external of externals)
      if (!used.has(keyOf(external))) yield { path: external.path, message: `Nothing calls ${external.name}` };
  },
  example: {
    wrong: `
services: [{ name: rates, ports: [{ port: 80 }] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: tls }] }]
`,
    right: `
services: [{ name: rates, ports: [{ port: 80 }], calls: [bank] }]
externalServices: [{ name: bank, hosts: [api.bank.example], ports: [{ port: 443, protocol: tls }] }]
`,
  },
};
