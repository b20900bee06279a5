import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { inOrder } from "../../plan/order";
import type { Plan, PlanResource } from "../../plan/plan";
import { serviceAccounts } from "../k8s-workload";
import { contextOf } from "./context";
import { egress } from "./egress";
import { controlPlane } from "./install";
import { losses } from "./losses";
import { routeResources } from "./routes";
import { servers } from "./servers";
import { deployments, namespaces, services } from "./workloads";

/**
 * A mesh as Kubernetes, Gateway API (1.2.1, the version that Linkerd reads) and Linkerd policy resources, in an order
 * that is safe to apply: policies before the pods they protect, Services before the routes that name them.
 */
export function render(model: Model): { plan: Plan; findings: Finding[] } {
  const below = model.backends.linkerd?.install === "helm" ? controlPlane(model, contextOf(model, []).settings) : [];
  const context = contextOf(
    model,
    below.slice(-1).map(({ id }) => id),
  );
  const guarded = model.services.map((service) => ({ service, policies: servers(context, service) }));
  const resources = [
    ...below,
    ...namespaces(context),
    ...guarded.flatMap(({ policies }) => policies),
    ...egress(context),
    ...serviceAccounts(model, context.needs),
    ...model.services.flatMap((service) => services(context, service)),
    // A pod starts only when what protects it is there.
    ...guarded.flatMap(({ service, policies }) =>
      deployments(
        context,
        service,
        policies.map(({ id }) => id),
      ),
    ),
    ...model.routes.flatMap((route) => routeResources(context, route)),
  ];
  return { plan: { backend: "linkerd", resources: inOrder(distinct(resources)) }, findings: losses(context) };
}

/** Two of one name are an error of this backend (`losses`), told rather than thrown. */
const distinct = (resources: readonly PlanResource[]): readonly PlanResource[] => [
  ...new Map(resources.map((resource) => [resource.id, resource])).values(),
];
