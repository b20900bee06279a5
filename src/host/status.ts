import { effectiveMtls } from "../model/lookup";
import { keyOf, type Model, type MtlsMode } from "../model/model";
import { type Address, type GatewayPlacement, portKey } from "../renderers/proxy";
import { answers, proxyReady } from "./probe";
import type { Replica } from "./replica";
import type { Proxy } from "./proxies";

/** The shape of `meshup status --json`; stable (docs/cli.md). */
export interface Status {
  readonly mesh: string;
  readonly services: readonly ServiceStatus[];
  readonly gateways: readonly GatewayStatus[];
}
export interface GatewayStatus {
  readonly name: string;
  readonly namespace: string;
  /** Where a visitor comes in. */
  readonly listeners: readonly { readonly port: number; readonly address: string }[];
}
export interface ServiceStatus {
  readonly name: string;
  /** Where a plain client calls its first port through the mesh. */
  readonly address: string;
  readonly mtls: MtlsMode;
  readonly replicas: readonly ReplicaStatus[];
}
export interface ReplicaStatus {
  readonly version: string;
  /** The sidecar's port. */
  readonly inbound: string;
  readonly spiffeId: string;
  readonly ready: boolean;
  /** 0 while it is not running. */
  readonly pid: number;
  readonly proxyPid: number;
  readonly admin: string;
}

const text = (at: Address | undefined): string => (at === undefined ? "" : `${at.address}:${at.port}`);

async function replicaStatus(replica: Replica, targetPort: number): Promise<ReplicaStatus> {
  const app = replica.placement.app[targetPort];
  const ready = await Promise.all([app === undefined ? true : answers(app), proxyReady(replica.placement.admin)]);
  return {
    version: replica.wanted.version.name,
    inbound: text(replica.placement.inbound[targetPort]),
    spiffeId: replica.wanted.spiffeId,
    ready: ready.every(Boolean) && replica.app.running && replica.proxy.process.running,
    pid: replica.app.pid,
    proxyPid: replica.proxy.process.pid,
    admin: text(replica.placement.admin),
  };
}

export async function statusOf(
  model: Model,
  replicas: readonly Replica[],
  client: Proxy,
  gateways: Readonly<Record<string, GatewayPlacement>>,
): Promise<Status> {
  const services = model.services.map(async (service): Promise<ServiceStatus> => {
    const [port] = service.ports;
    const [version] = service.versions;
    const own = replicas.filter(
      (r) => r.wanted.service.name === service.name && r.wanted.service.namespace === service.namespace,
    );
    return {
      name: service.name,
      address: text(port && client.placement.outbound[portKey(service, port.port)]),
      mtls: port && version ? effectiveMtls(model, service, port, version) : model.mtls.mode,
      replicas: await Promise.all(own.map((r) => replicaStatus(r, port?.targetPort ?? 0))),
    };
  });
  const doors = model.gateways.map((gateway) => ({
    name: gateway.name,
    namespace: gateway.namespace,
    listeners: Object.entries(gateways[keyOf(gateway)]?.doors ?? {}).map(([port, at]) => ({
      port: Number(port),
      address: text(at),
    })),
  }));
  return { mesh: model.name, services: await Promise.all(services), gateways: doors };
}
