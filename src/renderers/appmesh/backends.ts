import { externalServiceOf, routesFor, serviceOf } from "../../model/lookup";
import { type ExternalService, keyOf, type Model, type Route, type Service } from "../../model/model";
import { routeOf } from "../attached";
import { sharesOf } from "../shares";
import { virtualServiceName } from "./names";
import { clientPolicy, originationPolicy } from "./tls";

/** The call graph: a node reaches only what its backends name. Names are text, so cycles of calls need no order. */
export function backends(model: Model, service: Service, principal: string): object {
  const listed = service.calls.flatMap((call) => {
    if (call.kind === "external") {
      const external = externalServiceOf(model, call);
      return external === undefined
        ? []
        : external.hosts.map((host) => backend(host, originationPolicy(model, external)));
    }
    const callee = serviceOf(model, call);
    if (callee === undefined) return [];
    const policy = policyToward(model, callee, principal);
    return [virtualServiceName(model, callee), ...furtherNames(model, callee)].map((name) => backend(name, policy));
  });
  const byName = new Map(listed.map((each) => [each.virtualService.virtualServiceName, each]));
  return byName.size === 0 ? {} : { backends: [...byName.values()] };
}

const backend = (virtualServiceName: string, policy: object) => ({
  virtualService: { virtualServiceName, ...policy },
});

/** Host names that a service's routes answer to besides its own. App Mesh has no wildcards among them. */
export const furtherNames = (model: Model, service: Service): readonly string[] => [
  ...new Set(
    routesFor(model, service)
      .flatMap((route) => route.hostnames)
      .filter((host) => !host.startsWith("*")),
  ),
];

interface Reached {
  readonly services: readonly Service[];
  readonly externals: readonly ExternalService[];
}
const known = new WeakMap<Model, Map<Service, Reached>>();

/** Whom a client of a virtual service may end up at: its own nodes where nothing routes, otherwise what routes lead to. */
export function reached(model: Model, service: Service): Reached {
  const ofModel = known.get(model) ?? new Map<Service, Reached>();
  known.set(model, ofModel);
  const found = ofModel.get(service) ?? follow(model, service);
  ofModel.set(service, found);
  return found;
}

function follow(model: Model, service: Service): Reached {
  const routes = service.ports.map((port) => routeOf(model, service, port));
  const found = reachedBy(model, new Set(routes.filter((route) => route !== undefined)));
  const itself = routes.includes(undefined) && !found.services.includes(service) ? [service] : [];
  return { ...found, services: [...itself, ...found.services] };
}

/** What the routes lead to, each once. */
export function reachedBy(model: Model, routes: Iterable<Route>): Reached {
  const services = new Map<string, Service>();
  const externals = new Map<string, ExternalService>();
  for (const route of routes)
    for (const target of route.rules.flatMap((rule) => sharesOf(model, rule)))
      if ("external" in target) externals.set(keyOf(target.external), target.external);
      else services.set(keyOf(target.service), target.service);
  return { services: [...services.values()], externals: [...externals.values()] };
}

/** One policy holds for all that a virtual service leads to. */
function policyToward(model: Model, callee: Service, principal: string): object {
  const { services, externals } = reached(model, callee);
  const [external] = externals;
  return services.length === 0 && external !== undefined
    ? originationPolicy(model, external)
    : clientPolicy(model, principal, services);
}
