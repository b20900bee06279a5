import { createHash } from "node:crypto";
import type { Model, Service, Version } from "../model/model";
import {
  type Address,
  calleesOf,
  identityOf,
  isServed,
  portKey,
  type ReplicaPlacement,
  servedPorts,
  unprivileged,
  workloadKey,
} from "../renderers/proxy";
import type { AddressBook } from "./addresses";
import { workingDirectory } from "./commands";
import type { ProcessSpec } from "./managed-process";
import type { StateDir } from "./state";

/** One replica as the model wants it. */
export interface WantedReplica {
  /** `namespace/workload/index`. */
  readonly key: string;
  /** Names its processes and logs: `workload-index`. */
  readonly name: string;
  readonly service: Service;
  readonly version: Version;
  readonly index: number;
  readonly spiffeId: string;
  /** Of all that cannot change while its process runs. */
  readonly hash: string;
}

export function wantedReplicas(model: Model, base: string, engine: string): WantedReplica[] {
  const names = new Set(model.services.flatMap((s) => s.versions.map((v) => v.workload?.name)));
  const several = names.size < model.services.flatMap((s) => s.versions).length;
  return model.services.flatMap((service) =>
    service.versions.flatMap((version) => {
      const workload = version.workload;
      if (workload === undefined) return [];
      const spiffeId = identityOf(model, service, version);
      const hash = createHash("sha256")
        .update(
          JSON.stringify([
            workload.host,
            workload.host && workingDirectory(workload.host, base),
            spiffeId,
            service.name,
            version.name,
            service.ports.map((p) => [p.name, p.targetPort]),
            // What it calls is told in its environment, which is set once.
            calleesOf(model, service).map((c) => [c.namespace, c.name, c.ports.map((p) => [p.name, p.port])]),
            engine,
          ]),
        )
        .digest("hex");
      return Array.from({ length: workload.replicas }, (_, index) => ({
        key: `${workloadKey(service, version)}/${index}`,
        name: `${several ? `${service.namespace}-` : ""}${workload.name}-${index}`,
        service,
        version,
        index,
        spiffeId,
        hash,
      }));
    }),
  );
}

/** The port that the user fixed for the application: PORT, and HOST if given, in `host.env`. */
function fixedAddress(wanted: WantedReplica): Address | undefined {
  const env = wanted.version.workload?.host?.env ?? {};
  const port = Number(env.PORT);
  if (env.PORT === undefined || !Number.isInteger(port) || port < 1 || port > 65535) return undefined;
  // Replicas cannot share one port on one address: the others are told another address of this host.
  return { address: env.HOST ?? `127.0.0.${wanted.index + 1}`, port };
}

/** Chooses where a replica's application and proxy listen; `id` tells apart two processes for one replica. */
export async function place(
  model: Model,
  wanted: WantedReplica,
  id: string,
  book: AddressBook,
  state: StateDir,
): Promise<ReplicaPlacement> {
  const { service } = wanted;
  const prefix = `${wanted.key}/${id}/`;
  const fixed = fixedAddress(wanted);
  const app: Record<number, Address> = {};
  const inbound: Record<number, Address> = {};
  for (const [n, port] of service.ports.entries()) {
    const key = `${prefix}app/${port.targetPort}`;
    app[port.targetPort] =
      n === 0 && fixed !== undefined
        ? await book.fixed(key, fixed, `${wanted.version.workload?.path ?? ""}.host.env.PORT`)
        : await book.application(key);
    if (!isServed(model, port)) continue;
    inbound[port.targetPort] = await book.listener(
      `${prefix}inbound/${port.targetPort}`,
      unprivileged(port.targetPort),
    );
  }
  const outbound: Record<string, Address> = {};
  for (const callee of calleesOf(model, service))
    for (const port of servedPorts(model, callee))
      outbound[portKey(callee, port.port)] = await book.listener(
        `${prefix}outbound/${portKey(callee, port.port)}`,
        port.port,
      );
  return {
    replica: wanted.index,
    app,
    inbound,
    outbound,
    admin: await book.listener(`${prefix}admin`, 15_000),
    certificates: state.identity(`${wanted.name}-${id}`),
  };
}

/** `payment-api` → `PAYMENT_API`. */
const envName = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, "_");

/** Where to call each service: the names that Kubernetes gives its containers, so that a program needs no other here. */
function serviceVariables(
  model: Model,
  service: Service,
  outbound: ReplicaPlacement["outbound"],
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const callee of calleesOf(model, service))
    for (const [n, port] of callee.ports.entries()) {
      const at = outbound[portKey(callee, port.port)];
      if (at === undefined) continue;
      const name = envName(callee.name);
      const suffix = n === 0 ? "" : `_${envName(port.name)}`;
      env[`${name}_SERVICE_HOST${suffix}`] = at.address;
      env[`${name}_SERVICE_PORT${suffix}`] = String(at.port);
      if (n === 0) env[`${name}_SERVICE_PORT_${envName(port.name)}`] = String(at.port);
    }
  return env;
}

/** The application's process. HOST and PORT say where to listen; PORT_NAME does so for each further port. */
export function applicationProcess(
  model: Model,
  wanted: WantedReplica,
  placement: ReplicaPlacement,
  base: string,
): ProcessSpec {
  const { service, version } = wanted;
  const host = version.workload?.host ?? { command: [], env: {} };
  const [first, ...further] = service.ports;
  const main = first && placement.app[first.targetPort];
  return {
    name: wanted.name,
    command: host.command,
    cwd: workingDirectory(host, base),
    env: {
      ...(process.env as Record<string, string>),
      ...serviceVariables(model, service, placement.outbound),
      ...host.env,
      ...(main === undefined ? {} : { HOST: main.address, PORT: String(main.port) }),
      ...Object.fromEntries(
        further.map((port) => [`PORT_${envName(port.name)}`, String(placement.app[port.targetPort]?.port ?? "")]),
      ),
      MESHUP_SERVICE: service.name,
      MESHUP_VERSION: version.name,
      MESHUP_REPLICA: String(wanted.index),
    },
  };
}
