import { principalsOf, spiffeIdOf } from "../../model/lookup";
import type { Gateway, Model, Ref, Service, Version } from "../../model/model";

/** The identity of a version's workloads. */
export const identityOf = (model: Model, service: Service, version: Version): string =>
  version.workload === undefined
    ? (identitiesOf(model, service)[0] ?? "")
    : spiffeIdOf(model, service.namespace, version.workload.serviceAccount);

/** The identities of a service's workloads, each once. */
export const identitiesOf = (model: Model, service: Service): string[] =>
  principalsOf(model, service).map((principal) => `spiffe://${principal}`);

/** The service account of the proxy through which a person or a test calls the mesh. */
export const CLIENT_ACCOUNT = "meshup-client";
export const clientIdentity = (model: Model): string => spiffeIdOf(model, model.namespace, CLIENT_ACCOUNT);

/** What a gateway's proxy is called, and who it is. */
export const gatewayWorkload = (gateway: Ref): string => `${gateway.name}-gateway`;
export const gatewayIdentity = (model: Model, gateway: Gateway): string =>
  spiffeIdOf(model, gateway.namespace, gateway.serviceAccount);

/** `outbound|PORT|VERSION|SERVICE.NAMESPACE`, the form that Istio's dashboards know; no version: all of them. */
export const outboundCluster = (service: Ref, port: number, version = ""): string =>
  `outbound|${port}|${version}|${service.name}.${service.namespace}`;

export const inboundCluster = (targetPort: number): string => `inbound|${targetPort}||`;

/** The name sent in the TLS handshake: a host name, never an address. */
export const serverName = (service: Ref): string => `${service.name}.${service.namespace}`;
