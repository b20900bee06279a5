import { servedPorts } from "./engine";
import { effectiveMtls } from "../../model/lookup";
import type { ExternalService, Model, MtlsMode, Port, Service, Version } from "../../model/model";
import { extension, type Address, type Message, socketAddress } from "./envoy";
import { PUBLIC_ROOTS, secretCertificate, upstreamTls } from "./mtls";
import { identityOf, outboundCluster, serverName } from "./names";
import { type Placement, type ProxyPlacement, workloadKey } from "./placement";
import { httpOptions, isHttp, isHttp2, trafficPolicy } from "./traffic";

/** Connections to a destination's sidecar that idle longer than this are closed by the sidecar: see connection-manager.ts. */
const EXTERNAL_IDLE_MS = 3_600_000;

export const alpnOf = (port: Port): string[] =>
  isHttp2(port.protocol) ? ["h2"] : port.protocol === "http" ? ["http/1.1"] : [];

const assignment = (name: string, endpoints: readonly Address[]): Message => ({
  cluster_name: name,
  endpoints: [{ lb_endpoints: endpoints.map((at) => ({ endpoint: { address: socketAddress(at) } })) }],
});

const metadata = (fields: Message): Message => ({ filter_metadata: { meshup: fields } });

/** A cluster and the share of a destination's traffic that it takes. */
export interface Share {
  readonly cluster: string;
  readonly weight: number;
}

const plain = (mode: MtlsMode): boolean => mode === "DISABLE";

/** Whether the versions of a service agree on TLS at a port: if not, no one cluster can hold them all. */
const uniform = (model: Model, service: Service, port: Port): boolean =>
  new Set(service.versions.map((version) => plain(effectiveMtls(model, service, port, version)))).size <= 1;

/**
 * The clusters that mean "this service at this port", with or without a version. All versions are one cluster, so that a
 * retry may go to any of them; where they differ in TLS, one a version, weighted by replicas.
 */
export function shares(model: Model, service: Service, port: Port, version: string | undefined): Share[] {
  if (version !== undefined || uniform(model, service, port))
    return [{ cluster: outboundCluster(service, port.port, version), weight: 1 }];
  return service.versions.map((v) => ({
    cluster: outboundCluster(service, port.port, v.name),
    weight: v.workload?.replicas ?? 1,
  }));
}

function cluster(
  model: Model,
  placement: Placement,
  proxy: ProxyPlacement,
  service: Service,
  port: Port,
  versions: readonly Version[],
  name: string,
): Message {
  const endpoints = versions.flatMap((version) =>
    (placement.replicas[workloadKey(service, version)] ?? []).flatMap((r) => r.inbound[port.targetPort] ?? []),
  );
  const pool = service.traffic.connectionPool;
  const tls = versions.some((version) => !plain(effectiveMtls(model, service, port, version)));
  const peers = [...new Set(versions.map((version) => identityOf(model, service, version)))];
  const one = versions.length === 1 ? versions[0] : undefined;
  return {
    name,
    type: "STATIC",
    load_assignment: assignment(name, endpoints),
    ...trafficPolicy(model, service.traffic),
    ...(isHttp(port.protocol)
      ? {
          typed_extension_protocol_options: httpOptions(
            port.protocol,
            pool.idleTimeoutMs,
            pool.maxRequestsPerConnection,
          ),
        }
      : {}),
    ...(tls ? { transport_socket: upstreamTls(model, proxy, alpnOf(port), serverName(service), peers) } : {}),
    metadata: metadata({
      service: service.name,
      namespace: service.namespace,
      port: port.port,
      ...(one === undefined ? {} : { version: one.name, workload: one.workload?.name ?? "" }),
    }),
  };
}

/** The clusters of a service as one proxy sees them: for every port, one a version and one of all versions. */
export function serviceClusters(
  model: Model,
  placement: Placement,
  proxy: ProxyPlacement,
  service: Service,
): Message[] {
  const make = (port: Port, versions: readonly Version[], version?: string): Message =>
    cluster(model, placement, proxy, service, port, versions, outboundCluster(service, port.port, version));
  return servedPorts(model, service).flatMap((port) => [
    ...service.versions.map((version) => make(port, [version], version.name)),
    ...(uniform(model, service, port) ? [make(port, service.versions)] : []),
  ]);
}

function externalTls(placement: Placement, external: ExternalService): Message | undefined {
  const tls = external.tls;
  if (tls === undefined) return undefined;
  return extension("envoy.transport_sockets.tls", "transport_sockets.tls.v3.UpstreamTlsContext", {
    sni: tls.sni ?? external.hosts[0],
    common_tls_context: {
      ...(tls.mode === "MUTUAL" ? secretCertificate(placement, tls.certificateRef) : {}),
      validation_context: {
        trusted_ca: { filename: tls.caCertificates ?? PUBLIC_ROOTS },
        match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: tls.sni ?? external.hosts[0] } }],
      },
    },
  });
}

/** What lies outside the mesh: by address where the model gives addresses, else by name. */
export function externalClusters(model: Model, placement: Placement, external: ExternalService): Message[] {
  const tls = externalTls(placement, external);
  return servedPorts(model, external).map((port) => {
    const name = outboundCluster(external, port.port);
    const hosts = external.addresses.length > 0 ? external.addresses : external.hosts;
    return {
      name,
      type: external.addresses.length > 0 ? "STATIC" : "STRICT_DNS",
      connect_timeout: "5s",
      load_assignment: assignment(
        name,
        hosts.map((address) => ({ address, port: port.targetPort })),
      ),
      ...(isHttp(port.protocol)
        ? { typed_extension_protocol_options: httpOptions(port.protocol, EXTERNAL_IDLE_MS) }
        : {}),
      ...(tls === undefined ? {} : { transport_socket: tls }),
      metadata: metadata({ service: external.name, namespace: external.namespace, port: port.port }),
    };
  });
}
