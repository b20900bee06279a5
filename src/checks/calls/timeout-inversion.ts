import type { Check } from "../check";
import { formatDuration } from "../../model/units";
import { sameRef, type Service } from "../../model/model";

export const timeoutInversion: Check = {
  code: "MESH1052",
  name: "timeout-inversion",
  area: "calls",
  level: "info",
  title: "The caller gives up before its callee does",
  why: "Where the request to a service ends sooner than the one it makes itself, the work below goes on for nobody, and its errors never reach anyone.",
  remedy: "Make timeouts shorter from layer to layer, the closest to the user the longest.",
  relatives: {},
  *run({ services, lookup }) {
    const known = new Map<Service, number>();
    const longest = (service: Service): number => {
      const seen = known.get(service) ?? work(service);
      known.set(service, seen);
      return seen;
    };
    const work = (service: Service): number => {
      const rules = lookup
        .routesOf(service)
        .filter((r) => r.kind === "http" || r.kind === "grpc")
        .flatMap((r) => r.rules);
      return rules.length > 0 && rules.every((r) => r.timeoutMs > 0) ? Math.max(...rules.map((r) => r.timeoutMs)) : 0;
    };
    for (const service of services) {
      const own = longest(service);
      if (own === 0) continue;
      for (const call of service.calls) {
        const callee = call.kind === "service" && call.required ? lookup.service(call) : undefined;
        const theirs = callee && !sameRef(callee, service) ? longest(callee) : 0;
        if (callee && theirs > own)
          yield {
            path: call.path,
            message: `Requests to ${service.name} end after ${formatDuration(own)}, but its calls to ${callee.name} may take ${formatDuration(theirs)}`,
          };
      }
    }
  },
  example: {
    wrong: `
services:
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }] }
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 1s }] }
  - { name: stock, service: stock, http: [{ backends: [{ service: stock }], timeout: 5s }] }
`,
    right: `
services:
  - { name: cart, ports: [{ port: 80 }], calls: [stock] }
  - { name: stock, ports: [{ port: 80 }] }
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 5s }] }
  - { name: stock, service: stock, http: [{ backends: [{ service: stock }], timeout: 1s }] }
`,
  },
};
