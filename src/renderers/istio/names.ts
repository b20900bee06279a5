import { principalsOf, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type Ref, type Service, type Version } from "../../model/model";
import { DEFAULTS } from "../../model/defaults";
import { idOf } from "../k8s-resource";
import type { Context } from "./context";

/** The full name: a short one is completed with the namespace of whatever resource holds it, which is a known trap. */
export const hostOf = (context: Context, service: Ref): string =>
  `${service.name}.${service.namespace}.svc.${context.settings.clusterDomain}`;

/** Service and version names hold no dots, so `cart.v1` is nobody else's. */
export const subsetRuleOf = (service: Service, version: Version): Ref => ({
  name: `${service.name}.${version.name}`,
  namespace: service.namespace,
});
/** Route names hold no dots either. */
export const defaultsRouteOf = (service: Ref): Ref => ({
  name: `${service.name}.default`,
  namespace: service.namespace,
});

export const destinationRuleId = ({ name, namespace }: Ref): string => idOf("DestinationRule", name, namespace);

/**
 * The trust domain that principals are written with. Google's is the project's; `cluster.local` stands for the own
 * one on every Istio, so it is right there as well.
 */
export function trustDomainOf({ model, flavour, settings }: Context): string {
  const own = flavour === "managed-csm" && model.trustDomain === DEFAULTS.trustDomain;
  return own && typeof settings.project === "string" ? `${settings.project}.svc.id.goog` : model.trustDomain;
}

/** The identities of a service's workloads, as AuthorizationPolicy writes them: without the scheme. */
export function principalsFor(context: Context, ref: Ref): readonly string[] {
  const service = serviceOf(context.model, ref);
  if (service === undefined) return [];
  const model: Model = { ...context.model, trustDomain: trustDomainOf(context) };
  return principalsOf(model, service);
}

export const ownerOf = (kind: string, ref: Ref): string => `${kind}:${keyOf(ref)}`;
