import { effectiveMtls } from "../../model/lookup";
import type { Model, Port, Service, Version } from "../../model/model";
import { Kept } from "../kept";
import { httpAuthorization, tcpAuthorization } from "./authorization";
import { alpnOf } from "./clusters";
import { servedPorts } from "./engine";
import { duration, extension, type Message, NO_LIMIT, socketAddress } from "./envoy";
import { connectionManager } from "./connection-manager";
import { jwtFilter } from "./jwt";
import { downstreamTls } from "./mtls";
import { inboundCluster, serverName } from "./names";
import type { ReplicaPlacement } from "./placement";
import { rateLimitFilters } from "./rate-limits";
import { tcpProxy } from "./tcp";
import { httpOptions, isHttp, isHttp2 } from "./traffic";

/** Application servers close idle connections after a few seconds (Node after 5): the sidecar is faster. */
const APP_IDLE_MS = 4_000;
const APP_CONNECT_MS = 1_000;

/** An application that closed its kept connection in that moment gets the request once more, on a new one. */
const STALE_CONNECTION = { retry_on: "reset-before-request", num_retries: 2 };

function filters(model: Model, service: Service, version: Version, port: Port): Message[] {
  const name = `inbound_${port.targetPort}`;
  if (!isHttp(port.protocol))
    return [
      ...tcpAuthorization(model, service, version, port),
      tcpProxy(name, { cluster: inboundCluster(port.targetPort) }),
    ];
  return [
    connectionManager(model, {
      name,
      inbound: true,
      http2: isHttp2(port.protocol),
      speaker: serverName(service),
      filters: [
        ...jwtFilter(model, service, version),
        ...httpAuthorization(model, service, version, port),
        ...rateLimitFilters(service.traffic.rateLimits),
      ],
      routes: {
        name,
        virtual_hosts: [
          {
            name,
            domains: ["*"],
            routes: [
              {
                name: "default",
                match: { prefix: "/" },
                route: {
                  cluster: inboundCluster(port.targetPort),
                  timeout: duration(0),
                  retry_policy: STALE_CONNECTION,
                },
              },
            ],
          },
        ],
      },
    }),
  ];
}

/** The replicas of a version share them, where they have their certificates in the same place. */
const chains = (model: Model, service: Service, version: Version, port: Port, replica: ReplicaPlacement): Message =>
  shared.of([model, version, port], replica.certificates, () => chainsOf(model, service, version, port, replica));
const shared = new Kept<Message>();

function chainsOf(model: Model, service: Service, version: Version, port: Port, replica: ReplicaPlacement): Message {
  const chain = { filters: filters(model, service, version, port) };
  const tls = { name: "mtls", ...chain, transport_socket: downstreamTls(model, replica, alpnOf(port)) };
  switch (effectiveMtls(model, service, port, version)) {
    case "STRICT":
      return { filter_chains: [tls] };
    case "DISABLE":
      return { filter_chains: [{ name: "plaintext", ...chain }] };
    case "PERMISSIVE":
      return {
        listener_filters: [
          extension("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector"),
        ],
        filter_chains: [
          { ...tls, filter_chain_match: { transport_protocol: "tls" } },
          { name: "plaintext", ...chain, filter_chain_match: { transport_protocol: "raw_buffer" } },
        ],
      };
  }
}

/** The sidecar's listeners for its own application, one a port. */
export const inboundListeners = (
  model: Model,
  service: Service,
  version: Version,
  replica: ReplicaPlacement,
): Message[] =>
  servedPorts(model, service).flatMap((port) => {
    const at = replica.inbound[port.targetPort];
    if (at === undefined) return [];
    return [
      {
        name: `inbound_${port.targetPort}`,
        address: socketAddress(at),
        traffic_direction: "INBOUND",
        ...chains(model, service, version, port, replica),
      },
    ];
  });

const UNLIMITED: Message = {
  thresholds: [
    { max_connections: NO_LIMIT, max_pending_requests: NO_LIMIT, max_requests: NO_LIMIT, max_retries: NO_LIMIT },
  ],
};

/** The application behind the sidecar. Its limits are the callers' matter, so there are none here. */
export const inboundClusters = (model: Model, service: Service, replica: ReplicaPlacement): Message[] =>
  servedPorts(model, service).flatMap((port) => {
    const at = replica.app[port.targetPort];
    if (at === undefined) return [];
    const name = inboundCluster(port.targetPort);
    return [
      {
        name,
        type: "STATIC",
        connect_timeout: duration(APP_CONNECT_MS),
        load_assignment: {
          cluster_name: name,
          endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(at) } }] }],
        },
        circuit_breakers: UNLIMITED,
        ...(isHttp(port.protocol) ? { typed_extension_protocol_options: httpOptions(port.protocol, APP_IDLE_MS) } : {}),
      },
    ];
  });
