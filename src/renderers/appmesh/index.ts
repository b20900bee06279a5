import type { Finding } from "../../model/finding";
import { keyOf, type Model, type Port, type Service } from "../../model/model";
import type { Plan, PlanResource } from "../../plan/plan";
import { cloudMapNamespace } from "./cloud-map";
import { externalResources } from "./external";
import { gatewayResources } from "./gateways";
import { losses } from "./losses";
import { meshId } from "./names";
import { serviceNodes } from "./nodes";
import { serviceRoutes } from "./routes";

/**
 * A mesh on AWS App Mesh: Mesh, Cloud Map, a virtual node a version, routers, routes, virtual services and gateways.
 * Nodes come before the routes that name them.
 */
export function render(model: Model): { plan: Plan; findings: Finding[] } {
  const longest = longestTimeouts(model);
  const namespaces = [...new Set(model.services.map((service) => service.namespace))];
  const resources: PlanResource[] = [
    mesh(model),
    ...namespaces.map((namespace) => cloudMapNamespace(model, namespace)),
    ...model.externalServices.flatMap((external) => externalResources(model, external)),
    ...model.services.flatMap((service) => serviceNodes(model, service, longest)),
    ...model.services.flatMap((service) => serviceRoutes(model, service)),
    ...model.gateways.flatMap((gateway) => gatewayResources(model, gateway)),
  ];
  return { plan: { backend: "appmesh", resources }, findings: losses(model, resources) };
}

function mesh(model: Model): PlanResource {
  return {
    id: meshId(model),
    type: "aws:appmesh/mesh:Mesh",
    name: model.name,
    properties: {
      name: model.name,
      spec: { egressFilter: { type: model.egress.mode === "REGISTRY_ONLY" ? "DROP_ALL" : "ALLOW_ALL" } },
    },
    owner: "mesh",
    dependsOn: [],
    provider: "aws",
    protect: true,
  };
}

/** By service and port, over all rules that lead there; none (0) wins over any number. */
function longestTimeouts(model: Model): (service: Service, port: Port) => number {
  const longest = new Map<string, number>();
  for (const rule of model.routes.flatMap((route) => route.rules))
    for (const backend of rule.backends) {
      const key = `${keyOf(backend)}:${backend.port}`;
      const known = longest.get(key);
      longest.set(key, known === 0 || rule.timeoutMs === 0 ? 0 : Math.max(known ?? 0, rule.timeoutMs));
    }
  // A port that no rule leads to has its default route, without a limit.
  return (service, port) => longest.get(`${keyOf(service)}:${port.port}`) ?? 0;
}
