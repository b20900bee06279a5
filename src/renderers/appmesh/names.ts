import type { ExternalService, Model, Ref, RouteBackend, Service, Version } from "../../model/model";

/** The DNS suffix of Cloud Map namespaces; each model namespace is `NAMESPACE.SUFFIX`. Setting `domain`, default `local`. */
export const domainOf = (model: Model, namespace: string): string =>
  `${namespace}.${String(model.backends.appmesh?.settings.domain ?? "local")}`;

/** A virtual service is named by what clients resolve: the fully qualified name in Cloud Map. */
export const virtualServiceName = (model: Model, ref: Ref): string => `${ref.name}.${domainOf(model, ref.namespace)}`;

/** Names inside one mesh are flat, so each carries its namespace. */
export const nodeName = (service: Service, version?: Version): string =>
  [service.namespace, service.name, version?.name].filter((part) => part !== undefined).join("-");
export const routerName = (ref: Ref): string => `${ref.namespace}-${ref.name}`;
export const externalNodeName = (service: ExternalService, host: string): string =>
  `${service.namespace}-${service.name}-${host.replace(/[^a-zA-Z0-9]+/g, "-")}`;

/** Cloud Map registers each version under a name of its own, which is where its virtual node finds its endpoints. */
export const cloudMapServiceName = (service: Service, version?: Version): string =>
  version === undefined ? service.name : `${service.name}-${version.name}`;

export const meshId = (model: Model): string => `appmesh.Mesh/${model.name}`;
export const nodeId = (name: string): string => `appmesh.VirtualNode/${name}`;
export const routerId = (name: string): string => `appmesh.VirtualRouter/${name}`;
export const virtualServiceId = (name: string): string => `appmesh.VirtualService/${name}`;
export const gatewayId = (ref: Ref): string => `appmesh.VirtualGateway/${ref.namespace}-${ref.name}`;

/** The key of what a backend names: `namespace/name/version`. */
export const backendKey = (backend: Pick<RouteBackend, "name" | "namespace" | "version">): string =>
  `${backend.namespace}/${backend.name}/${backend.version ?? ""}`;
