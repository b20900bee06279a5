import { type ExternalService, keyOf, type Model, type Ref, type Service, type Version } from "../../model/model";

/** The DNS suffix of Cloud Map namespaces; each model namespace is `NAMESPACE.SUFFIX`. Setting `domain`, default `local`. */
export const domainOf = (model: Model, namespace: string): string =>
  `${namespace}.${String(model.backends.appmesh?.settings.domain ?? "local")}`;

/** A virtual service is named by what clients resolve: the fully qualified name in Cloud Map. */
export const virtualServiceName = (model: Model, ref: Ref): string => `${ref.name}.${domainOf(model, ref.namespace)}`;

/**
 * Names inside one mesh are flat, so each ends with its namespace, as App Mesh's own controller has it. The model's
 * names hold no `_`, so that no two of them come to the same.
 */
const flat = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join("_");
export const nodeName = (service: Service, version?: Version): string =>
  flat(service.name, version?.name, service.namespace);
export const routerName = (ref: Ref): string => flat(ref.name, ref.namespace);
export const gatewayName = (ref: Ref): string => flat(ref.name, ref.namespace);
export const behindGatewayName = (gateway: Ref, route: Ref): string =>
  flat(route.name, route.namespace, "behind", gateway.name, gateway.namespace);
/** Nobody resolves it: the gateway route names it. */
export const behindGatewayHost = (model: Model, gateway: Ref, route: Ref): string =>
  `${route.name}.${route.namespace}.${gateway.name}.gateway.${domainOf(model, gateway.namespace)}`;
/** A host's dots may not be in the name of a node. */
export const externalName = (external: ExternalService, host: string): string =>
  flat(external.name, host.replaceAll(".", "_"), external.namespace);

/** Cloud Map registers each version under a name of its own, which is where its virtual node finds its endpoints. */
export const cloudMapServiceName = (service: Service, version?: Version): string =>
  version === undefined ? service.name : `${version.name}.${service.name}`;

export const meshId = (model: Model): string => `appmesh.Mesh/${model.name}`;
export const nodeId = (name: string): string => `appmesh.VirtualNode/${name}`;
export const routerId = (name: string): string => `appmesh.VirtualRouter/${name}`;
export const virtualServiceId = (name: string): string => `appmesh.VirtualService/${name}`;
export const gatewayId = (ref: Ref): string => `appmesh.VirtualGateway/${keyOf(ref)}`;
export const cloudMapNamespaceId = (model: Model, namespace: string): string =>
  `servicediscovery.Namespace/${domainOf(model, namespace)}`;
export const cloudMapServiceId = (service: Service, version?: Version): string =>
  `servicediscovery.Service/${keyOf(service)}/${version?.name ?? ""}`;
