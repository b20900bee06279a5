import { type ExternalService, keyOf, type Port, type Route, type Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { idOf } from "../k8s-resource";
import { type Context, EVERYWHERE, istioResource } from "./context";
import { defaultsRouteOf, destinationRuleId, hostOf, ownerOf } from "./names";
import { NO_RETRIES } from "./retries";

const HTTP: readonly Port["protocol"][] = ["http", "http2", "grpc"];
const isHttp = ({ protocol }: Port): boolean => HTTP.includes(protocol);

/**
 * Istio retries every request that no VirtualService speaks of, and the model does not. So the HTTP ports that no
 * route takes get a VirtualService that says so.
 */
export function defaultRoute(context: Context, service: Service, routes: readonly Route[]): PlanResource[] {
  const http = service.ports.filter(isHttp);
  const taken = routes.flatMap((route) => route.parents.filter((parent) => keyOf(parent) === keyOf(service)));
  if (taken.some((parent) => parent.kind === "service" && parent.port === undefined)) return [];
  const left = http.filter(({ port }) => !taken.some((parent) => parent.kind === "service" && parent.port === port));
  if (left.length === 0) return [];
  const host = hostOf(context, service);
  // Without a port of its own a destination keeps the one that the client called.
  const destination = service.ports.length === 1 ? { host, port: { number: left[0]?.port } } : { host };
  const match = left.length < http.length ? { match: left.map(({ port }) => ({ port })) } : {};
  const spec = { hosts: [host], http: [{ ...match, route: [{ destination }], retries: NO_RETRIES }], ...EVERYWHERE };
  const needs = [destinationRuleId(service)];
  return [istioResource(context, "VirtualService", defaultsRouteOf(service), spec, ownerOf("service", service), needs)];
}

/** The same for what is outside: one for each host that no route claims, as a destination names one. */
export function externalDefaults(
  context: Context,
  external: ExternalService,
  claimed: ReadonlySet<string>,
): PlanResource[] {
  if (!external.ports.some(isHttp)) return [];
  return external.hosts.flatMap((host, index) => {
    if (claimed.has(host)) return [];
    const port = external.ports.length === 1 ? { port: { number: external.ports[0]?.port } } : {};
    const http = [{ route: [{ destination: { host, ...port } }], retries: NO_RETRIES }];
    const spec = { hosts: [host], http, ...EVERYWHERE };
    const base = defaultsRouteOf(external);
    const ref = { ...base, name: index === 0 ? base.name : `${base.name}-${index + 1}` };
    const needs = [idOf("ServiceEntry", external.name, external.namespace)];
    return [istioResource(context, "VirtualService", ref, spec, ownerOf("external", external), needs)];
  });
}
