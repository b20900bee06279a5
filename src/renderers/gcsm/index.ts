import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { inOrder } from "../../plan/order";
import type { Plan, PlanResource } from "../../plan/plan";
import { backends } from "./backends";
import { endpointPolicies } from "./endpoints";
import { externalBackends } from "./external";
import { gatewayResources } from "./gateways";
import { losses } from "./losses";
import { meshId, nameOf } from "./names";
import { routes } from "./routes";
import { projectOf } from "./settings";
import { tlsPolicies } from "./tls";

/**
 * A mesh on Google's service routing APIs: Mesh, a backend service a version, HTTP, gRPC, TCP and TLS routes, TLS and
 * authorization by endpoint. Backend services come before the routes that name them.
 */
export function render(model: Model): { plan: Plan; findings: Finding[] } {
  const resources: PlanResource[] = [
    mesh(model),
    ...tlsPolicies(model),
    ...model.services.flatMap((service) => endpointPolicies(model, service)),
    ...model.services.flatMap((service) => backends(model, service)),
    ...model.externalServices.flatMap((external) => externalBackends(model, external)),
    ...model.gateways.flatMap((gateway) => gatewayResources(model, gateway)),
    ...routes(model),
  ];
  return { plan: { backend: "gcsm", resources: inOrder(distinct(resources)) }, findings: losses(model) };
}

/** Two of one name are an error of this backend (`losses`), told rather than thrown. */
const distinct = (resources: readonly PlanResource[]): readonly PlanResource[] => [
  ...new Map(resources.map((resource) => [resource.id, resource])).values(),
];

function mesh(model: Model): PlanResource {
  const name = nameOf(model.name);
  return {
    id: meshId(model),
    type: "gcp:networkservices/mesh:Mesh",
    name: model.name,
    properties: { name, ...projectOf(model) },
    owner: "mesh",
    dependsOn: [],
    provider: "gcp",
    protect: true,
  };
}
