import type { Check } from "../check";
import { hasEnvironment } from "../support";
import { hostsOf, urlsIn } from "../urls";
import { keyOf } from "../../model/model";

export const undeclaredCall: Check = {
  code: "MESH1053",
  name: "undeclared-call",
  area: "calls",
  level: "warning",
  title: "A service is called that calls does not name",
  why: "The call graph decides what a workload can reach: App Mesh backends, sidecar listeners, closed egress. A call that is only in the environment works on one mesh, and fails on the next.",
  remedy: "Add the service to calls.",
  relatives: {},
  *run({ workloads, services }) {
    const configured = workloads.filter(hasEnvironment);
    if (configured.length === 0) return;
    const byHost = new Map(services.flatMap((s) => hostsOf(s.name, s.namespace).map((host) => [host, s] as const)));
    for (const workload of configured) {
      const called = new Set(workload.calls.map(keyOf));
      for (const [name, value] of Object.entries(workload.container?.env ?? {}))
        for (const url of urlsIn(value)) {
          const service = byHost.get(url.hostname) ?? byHost.get(`${url.hostname}.${workload.namespace}`);
          if (service && keyOf(service) !== keyOf(workload.service) && !called.has(keyOf(service)))
            yield {
              path: `${workload.container?.path}.env.${name}`,
              message: `${workload.service.name} is told to call ${service.name}, which its calls do not name`,
            };
        }
    }
  },
  example: {
    wrong: `
services:
  - { name: stock, ports: [{ port: 80 }] }
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, env: { STOCK_URL: "http://stock:80" } } } }]
`,
    right: `
services:
  - { name: stock, ports: [{ port: 80 }] }
  - name: cart
    ports: [{ port: 80 }]
    calls: [stock]
    versions: [{ name: v1, workload: { container: { image: cart:1.0, env: { STOCK_URL: "http://stock:80" } } } }]
`,
  },
};
