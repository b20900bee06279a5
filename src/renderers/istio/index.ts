import type { Finding } from "../../model/finding";
import { keyOf, type Model } from "../../model/model";
import { inOrder } from "../../plan/order";
import type { Plan, PlanResource } from "../../plan/plan";
import { serviceAccounts } from "../k8s-workload";
import { authorizationPolicy, defaultDenies } from "./authorization";
import { backendOf, type Context, contextOf, type Flavour } from "./context";
import { defaultRoute, externalDefaults } from "./defaults";
import { destinationRules } from "./destination-rules";
import { sidecars } from "./egress";
import { externalService } from "./external";
import { gatewayResource } from "./gateways";
import { controlPlane, gatewayRelease } from "./install";
import { requestAuthentication } from "./jwt";
import { losses } from "./losses";
import { fleet } from "./managed";
import { peerAuthentications } from "./mtls";
import { routesByService, virtualServices } from "./routes";
import { settingsOf } from "./settings";
import { telemetries } from "./telemetry";
import { deployments, namespaces, services } from "./workloads";

export { CODES, type Code } from "./findings";
export type { Flavour } from "./context";

export interface IstioOptions {
  /** Default: open-source Istio. */
  readonly flavour?: Flavour;
}

/**
 * A mesh as Kubernetes and Istio resources, in an order that is safe to apply: namespaces, policies, workloads,
 * subsets, and last the routes that name them. Deleted the other way round, so nothing ever names what is gone.
 */
export function render(model: Model, options: IstioOptions = {}): { plan: Plan; findings: Finding[] } {
  const flavour = options.flavour ?? "mesh";
  const backend = backendOf(flavour);
  const below = installed(model, flavour);
  const context = contextOf(
    model,
    flavour,
    below.slice(-1).map(({ id }) => id),
  );
  const policies = [...security(context), ...sidecars(context)];
  const resources = [
    ...below,
    ...namespaces(context),
    ...(flavour === "mesh" && isInstalled(model) ? gatewayPods(context) : []),
    ...policies,
    ...telemetries(context),
    ...serviceAccounts(model, context.needs),
    ...services(context),
    ...deployments(context, policies),
    ...model.services.flatMap((service) => destinationRules(context, service)),
    ...model.externalServices.flatMap((external) => externalService(context, external)),
    ...model.gateways.map((gateway) => gatewayResource(context, gateway)),
    ...routing(context),
  ];
  return { plan: { backend, resources: inOrder(resources) }, findings: losses(model, backend) };
}

const isInstalled = (model: Model): boolean => model.backends.istio?.install === "helm";

/** What everything else waits for: the last of these. */
function installed(model: Model, flavour: Flavour): PlanResource[] {
  const settings = settingsOf(model, backendOf(flavour));
  if (flavour === "managed-csm") return fleet(model, settings);
  return isInstalled(model) ? controlPlane(model, settings) : [];
}

const gatewayPods = (context: Context): PlanResource[] =>
  context.model.gateways.map((gateway) => gatewayRelease(context.model, gateway, context.needs("")));

const security = (context: Context): PlanResource[] => [
  ...peerAuthentications(context),
  ...context.model.policies.jwt.flatMap((policy) => requestAuthentication(context, policy)),
  ...defaultDenies(context),
  ...context.model.policies.authorization.flatMap((policy) => authorizationPolicy(context, policy)),
];

function routing(context: Context): PlanResource[] {
  const { model } = context;
  const byService = routesByService(model);
  const claimed = new Set(model.routes.flatMap(({ hostnames }) => hostnames));
  return [
    ...model.routes.flatMap((route) => virtualServices(context, route)),
    ...model.services.flatMap((service) => defaultRoute(context, service, byService.get(keyOf(service)) ?? [])),
    ...model.externalServices.flatMap((external) => externalDefaults(context, external, claimed)),
  ];
}
