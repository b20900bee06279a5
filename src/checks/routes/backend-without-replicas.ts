import type { Check } from "../check";

export const backendWithoutReplicas: Check = {
  code: "MESH1013",
  name: "backend-without-replicas",
  area: "routes",
  level: "error",
  title: "Traffic goes to a version that runs nowhere",
  why: "A version with zero replicas has no endpoints: its share of requests fails with 503.",
  remedy: "Scale the version up first, or set its weight to 0.",
  relatives: { istio: ["IST0173"], kiali: ["KIA1107"] },
  *run({ routes, services, lookup }) {
    if (!services.some((service) => service.versions.some((v) => v.workload?.replicas === 0))) return;
    for (const route of routes)
      for (const rule of route.rules)
        for (const backend of rule.backends) {
          if (backend.kind !== "service" || backend.weight === 0) continue;
          const versions = lookup.service(backend)?.versions ?? [];
          const meant = backend.version ? versions.filter((v) => v.name === backend.version) : versions;
          if (meant.length > 0 && meant.every((v) => v.workload?.replicas === 0))
            yield {
              path: backend.path,
              message: `${backend.name}${backend.version ? ` ${backend.version}` : ""} has no replicas, and gets traffic`,
            };
        }
  },
  example: {
    wrong: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { replicas: 2 } }, { name: v2, workload: { replicas: 0 } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1, weight: 90 }, { service: cart, version: v2, weight: 10 }] }] }
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { replicas: 2 } }, { name: v2, workload: { replicas: 0 } }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1, weight: 100 }, { service: cart, version: v2, weight: 0 }] }] }
`,
  },
};
