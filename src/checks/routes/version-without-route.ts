import type { Check } from "../check";
import type { Ref } from "../../model/model";
import { RefMap } from "../../model/ref-map";

export const versionWithoutRoute: Check = {
  code: "MESH1015",
  name: "version-without-route",
  area: "routes",
  level: "info",
  title: "A version that no route names",
  why: "Once a service's routes name versions, a version that none of them names gets no traffic: it runs and costs, or its author believes it is live.",
  remedy: "Give it a weight (0 says it is meant), or remove it.",
  relatives: {},
  *run({ routes, services }) {
    const named = new RefMap<Set<string>>();
    const whole = new RefMap<true>();
    const note = (target: Ref & { readonly version?: string }) => {
      if (target.version === undefined) return whole.set(target, true);
      const versions = named.get(target);
      if (versions) versions.add(target.version);
      else named.set(target, new Set([target.version]));
    };
    for (const route of routes)
      for (const rule of route.rules) {
        for (const backend of rule.backends) note(backend);
        for (const mirror of rule.filters.mirrors) note(mirror);
      }
    for (const service of services) {
      const versions = named.get(service);
      if (!versions || whole.has(service)) continue;
      for (const version of service.versions)
        if (!versions.has(version.name))
          yield {
            path: version.path,
            message: `No route names ${service.name} ${version.name}, so it gets no traffic`,
          };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1 }] }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]
routes:
  - { name: cart, service: cart, http: [{ backends: [{ service: cart, version: v1 }, { service: cart, version: v2, weight: 0 }] }] }
`,
  },
};
