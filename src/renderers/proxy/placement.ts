import {
  type ExternalService,
  keyOf,
  type Listener,
  type Model,
  type Ref,
  type Service,
  type Version,
} from "../../model/model";
import { externalServiceOf, serviceOf } from "../../model/lookup";
import { Kept } from "../kept";
import { servedListeners } from "./engine";
import type { Address } from "./envoy";

/** Where everything of a mesh listens. Whoever runs the proxies decides; `defaultPlacement` is the answer for files. */
export interface Placement {
  /** By `workloadKey`: one entry a replica. The endpoints of a version are these, whatever the model's count says. */
  readonly replicas: Readonly<Record<string, readonly ReplicaPlacement[]>>;
  /** The proxy through which a person or a test outside calls the mesh. */
  readonly client: ProxyPlacement;
  /** The mesh's doors, by `keyOf` a gateway. One that is absent is not rendered. */
  readonly gateways?: Readonly<Record<string, GatewayPlacement>>;
  /**
   * Directory with a folder for each `certificateRef`, which holds what a Kubernetes secret would: tls.crt, tls.key and,
   * where clients show certificates, ca.crt. Default `secrets`.
   */
  readonly secrets?: string;
}

/** What every proxy has. */
export interface ProxyPlacement {
  /** Envoy's admin interface. */
  readonly admin: Address;
  /** Directory with identity.pem, identity.key and roots.pem. */
  readonly certificates: string;
  /** Listeners for the services called, by `portKey`. */
  readonly outbound: Readonly<Record<string, Address>>;
}

export interface ReplicaPlacement extends ProxyPlacement {
  /** Unique among the replicas of its workload: the last part of the proxy's name. */
  readonly replica: number | string;
  /** The application, by targetPort. */
  readonly app: Readonly<Record<number, Address>>;
  /** The sidecar's listeners for it, by targetPort. */
  readonly inbound: Readonly<Record<number, Address>>;
}

export interface GatewayPlacement extends ProxyPlacement {
  /** Where visitors come in, by the port of a listener. */
  readonly doors: Readonly<Record<number, Address>>;
}

/** `namespace/workload`; a version without a workload is named by its service and version. */
export const workloadKey = (service: Service, version: Version): string =>
  `${service.namespace}/${version.workload?.name ?? `${service.name}-${version.name}`}`;

/** `namespace/service:port`. */
export const portKey = (service: Ref, port: number): string => `${keyOf(service)}:${port}`;

/** What a proxy has an outbound listener for. */
export type Callee = Service | ExternalService;

/** The services, ours and external, that a service may call. */
export const calleesOf = (model: Model, service: Service): readonly Callee[] =>
  known.of([model], service, () => called(model, service));
const known = new Kept<readonly Callee[]>();

function called(model: Model, service: Service): Callee[] {
  const found = service.calls.flatMap((call): Callee[] => {
    const callee = call.kind === "service" ? serviceOf(model, call) : externalServiceOf(model, call);
    return callee === undefined ? [] : [callee];
  });
  return asListed(model, new Set(found));
}

/** In the order of the model, ours before external ones; thousands of services do not each walk all of them. */
export function asListed(model: Model, callees: Iterable<Callee>): Callee[] {
  const at = places.of([model], "", () => new Map(allCallees(model).map((callee, place) => [callee, place])));
  return [...callees].sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
}
const places = new Kept<ReadonlyMap<Callee, number>>();

/** Everything: what the plain client may call. */
export const allCallees = (model: Model): Callee[] => [...model.services, ...model.externalServices];

/** Where browsers try first: a listener that redirects them to itself opens it. */
export const REDIRECTED_PORT = 80;

/** The ports that a gateway's proxy listens on for these, each once. */
export const doorsOf = (listeners: readonly Listener[]): number[] => [
  ...new Set(listeners.flatMap(({ port, tls }) => (tls?.redirectHttp === true ? [port, REDIRECTED_PORT] : [port]))),
];

/** Ports below 1024 need privileges, so a listener on loopback moves up by 8000: 80 → 8080, 443 → 8443. */
export const unprivileged = (port: number): number => (port < 1024 ? port + 8000 : port);

const ADMIN_PORT = 15_000;

/** A port of its own for each of those that share an address, beside the admin's: 443 is 8444 where 8443 is taken. */
function listening(ports: readonly number[]): ReadonlyMap<number, number> {
  const taken = new Set([ADMIN_PORT, ...ports.filter((port) => unprivileged(port) === port)]);
  return new Map(
    ports.map((port) => {
      let at = unprivileged(port);
      if (at !== port) while (taken.has(at)) at += 1;
      taken.add(at);
      return [port, at];
    }),
  );
}

/**
 * Addresses by index, the same for the same model: replica i has 127.77.i.1 (its sidecar), 127.77.i.2 (its application)
 * and 127.77.i.10 upward (what it calls); the client has 127.77.0.0/24. Above 250 replicas the second byte counts on.
 * Gateway i has 127.76.0.i.
 */
export function defaultPlacement(model: Model, certificates = "certs"): Placement {
  const at = (index: number, last: number): string => `127.${77 + Math.floor(index / 250)}.${index % 250}.${last}`;
  const outbound = (index: number, callees: readonly Callee[]): Record<string, Address> =>
    Object.fromEntries(
      callees.flatMap((callee, n) => {
        const ports = listening(callee.ports.map(({ port }) => port));
        return [...ports].map(([port, own]) => [portKey(callee, port), { address: at(index, 10 + n), port: own }]);
      }),
    );
  let index = 0;
  const replicas: Record<string, ReplicaPlacement[]> = {};
  for (const service of model.services) {
    const targets = listening([...new Set(service.ports.map(({ targetPort }) => targetPort))]);
    for (const version of service.versions)
      replicas[workloadKey(service, version)] = Array.from(
        { length: version.workload?.replicas ?? 0 },
        (_, replica) => {
          index += 1;
          const listen = (last: number): Record<number, Address> =>
            Object.fromEntries([...targets].map(([port, own]) => [port, { address: at(index, last), port: own }]));
          return {
            replica,
            app: listen(2),
            inbound: listen(1),
            admin: { address: at(index, 1), port: ADMIN_PORT },
            certificates,
            outbound: outbound(index, calleesOf(model, service)),
          };
        },
      );
  }
  const gateways = model.gateways.map((gateway, n): [string, GatewayPlacement] => {
    const address = `127.76.0.${n + 1}`;
    const doors = [...listening(doorsOf(servedListeners(model, gateway.listeners)))].map(
      ([port, own]) => [port, { address, port: own }] as const,
    );
    const admin = { address, port: ADMIN_PORT };
    return [keyOf(gateway), { admin, certificates, outbound: {}, doors: Object.fromEntries(doors) }];
  });
  return {
    replicas,
    gateways: Object.fromEntries(gateways),
    client: { admin: { address: at(0, 1), port: ADMIN_PORT }, certificates, outbound: outbound(0, allCallees(model)) },
  };
}
