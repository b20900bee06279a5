import type { Gateway, Model, Service, Version } from "../../model/model";
import { type Message, socketAddress } from "./envoy";
import { gatewayClusters, gatewayListeners } from "./gateways";
import { inboundClusters, inboundListeners } from "./inbound";
import { jwksClusters } from "./jwt";
import { CLIENT_ACCOUNT, gatewayWorkload } from "./names";
import { outboundClusters, outboundListeners } from "./outbound";
import {
  allCallees,
  calleesOf,
  type GatewayPlacement,
  type Placement,
  type ProxyPlacement,
  type ReplicaPlacement,
} from "./placement";
import { tracingClusters } from "./tracing";

/** RE2 patterns of the model may be large; Envoy's own limit of 100 instructions would refuse ordinary ones. */
const RUNTIME = { layers: [{ name: "static", static_layer: { "re2.max_program_size.error_level": 1000 } }] };

interface Identity {
  readonly id: string;
  readonly cluster: string;
  readonly metadata: Message;
}

const bootstrap = (node: Identity, proxy: ProxyPlacement, listeners: Message[], clusters: Message[]): Message => ({
  node: { id: node.id, cluster: node.cluster, metadata: { meshup: node.metadata } },
  admin: { address: socketAddress(proxy.admin) },
  static_resources: { listeners, clusters },
  layered_runtime: RUNTIME,
});

/** The sidecar of one replica: what comes in goes to its application, and what that calls goes out. */
export function replicaBootstrap(
  model: Model,
  placement: Placement,
  service: Service,
  version: Version,
  replica: ReplicaPlacement,
): Message {
  const workload = version.workload?.name ?? `${service.name}-${version.name}`;
  const callees = calleesOf(model, service);
  const node = {
    id: `${workload}-${replica.replica}.${service.namespace}`,
    cluster: `${service.name}.${service.namespace}`,
    metadata: {
      mesh: model.name,
      trust_domain: model.trustDomain,
      service: service.name,
      namespace: service.namespace,
      version: version.name,
      workload,
      replica: String(replica.replica),
    },
  };
  return bootstrap(
    node,
    replica,
    [...inboundListeners(model, service, version, replica), ...outboundListeners(model, replica, callees, service)],
    [
      ...inboundClusters(model, service, replica),
      ...outboundClusters(model, placement, replica, callees),
      ...jwksClusters(model, service, version),
      ...tracingClusters(model),
    ],
  );
}

/** The proxy that is a gateway: visitors come in, and what its routes lead to goes out. */
export function gatewayBootstrap(
  model: Model,
  placement: Placement,
  gateway: Gateway,
  proxy: GatewayPlacement,
): Message {
  const node = {
    id: `${gatewayWorkload(gateway)}.${gateway.namespace}`,
    cluster: gatewayWorkload(gateway),
    metadata: {
      mesh: model.name,
      trust_domain: model.trustDomain,
      service: gateway.name,
      namespace: gateway.namespace,
      workload: gatewayWorkload(gateway),
    },
  };
  return bootstrap(node, proxy, gatewayListeners(model, placement, gateway, proxy), [
    ...gatewayClusters(model, placement, gateway, proxy),
    ...tracingClusters(model),
  ]);
}

/** The proxy through which a person or a test calls every service of the mesh. */
export function clientBootstrap(model: Model, placement: Placement): Message {
  const callees = allCallees(model);
  const node = {
    id: `${CLIENT_ACCOUNT}.${model.namespace}`,
    cluster: CLIENT_ACCOUNT,
    metadata: {
      mesh: model.name,
      trust_domain: model.trustDomain,
      service: CLIENT_ACCOUNT,
      namespace: model.namespace,
      workload: CLIENT_ACCOUNT,
    },
  };
  return bootstrap(node, placement.client, outboundListeners(model, placement.client, callees, undefined), [
    ...outboundClusters(model, placement, placement.client, callees),
    ...tracingClusters(model),
  ]);
}
