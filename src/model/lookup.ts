import {
  keyOf,
  type Gateway,
  type Labels,
  type Model,
  type MtlsMode,
  type MtlsPolicy,
  type Port,
  type Ref,
  type Route,
  type Service,
  type ExternalService,
  type Version,
} from "./model";

/** Maps over a model, made once per model. */
export interface Index {
  readonly services: ReadonlyMap<string, Service>;
  readonly externalServices: ReadonlyMap<string, ExternalService>;
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** Routes by the service or gateway they are attached to, in the order written. */
  readonly routesByService: ReadonlyMap<string, readonly Route[]>;
  readonly routesByGateway: ReadonlyMap<string, readonly Route[]>;
  readonly mtlsByNamespace: ReadonlyMap<string, readonly MtlsPolicy[]>;
}

const indexes = new WeakMap<Model, Index>();

export function indexOf(model: Model): Index {
  const known = indexes.get(model);
  if (known !== undefined) return known;
  const index: Index = {
    services: byKey(model.services),
    externalServices: byKey(model.externalServices),
    gateways: byKey(model.gateways),
    routesByService: attached(model.routes, "service"),
    routesByGateway: attached(model.routes, "gateway"),
    mtlsByNamespace: grouped(model.policies.mtls, (policy) => [policy.namespace]),
  };
  indexes.set(model, index);
  return index;
}

const byKey = <T extends Ref>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]));

function grouped<T>(items: readonly T[], keys: (item: T) => Iterable<string>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keys(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

const attached = (routes: readonly Route[], kind: "service" | "gateway") =>
  grouped(routes, (route) => route.parents.filter((parent) => parent.kind === kind).map(keyOf));

export const serviceOf = (model: Model, ref: Ref): Service | undefined => indexOf(model).services.get(keyOf(ref));
export const externalServiceOf = (model: Model, ref: Ref): ExternalService | undefined =>
  indexOf(model).externalServices.get(keyOf(ref));
export const gatewayOf = (model: Model, ref: Ref): Gateway | undefined => indexOf(model).gateways.get(keyOf(ref));
/** Routes attached to a service, in the order written. */
export const routesFor = (model: Model, service: Ref): readonly Route[] =>
  indexOf(model).routesByService.get(keyOf(service)) ?? [];
export const routesForGateway = (model: Model, gateway: Ref): readonly Route[] =>
  indexOf(model).routesByGateway.get(keyOf(gateway)) ?? [];
export const versionsOf = (model: Model, service: Ref): readonly Version[] => serviceOf(model, service)?.versions ?? [];
export const versionOf = (model: Model, service: Ref, name: string): Version | undefined =>
  versionsOf(model, service).find((version) => version.name === name);
export const portOf = (service: Service | ExternalService, port: number): Port | undefined =>
  service.ports.find((each) => each.port === port);

/** Labels of a version's pods. */
export const podLabelsOf = (service: Service, version?: Version): Labels => ({ ...service.labels, ...version?.labels });

export function selects(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/**
 * The mTLS mode in force for one port of a service (all its pods; name a version where a selector tells them
 * apart). Precedence as in Istio: the port, then the workload's policy, then the namespace's, then the mesh's. The
 * port's own `mtls` in the service goes before a policy's `ports`.
 */
export function effectiveMtls(model: Model, service: Service, port: Port, version?: Version): MtlsMode {
  const { workload, namespace } = mtlsPoliciesFor(model, service, version);
  return (
    port.mtls ??
    workload.flatMap((policy) => policy.ports).find((each) => each.port === port.targetPort)?.mode ??
    workload[0]?.mode ??
    namespace?.mode ??
    model.mtls.mode
  );
}

/** The policies in force for a service's pods: those for the workload, strongest first, and the namespace's. */
export function mtlsPoliciesFor(
  model: Model,
  service: Service,
  version?: Version,
): { readonly workload: readonly MtlsPolicy[]; readonly namespace?: MtlsPolicy } {
  const policies = indexOf(model).mtlsByNamespace.get(service.namespace) ?? [];
  const versions = version === undefined ? service.versions : [version];
  const pods = versions.length === 0 ? [service.labels] : versions.map((each) => podLabelsOf(service, each));
  const named = policies.filter(
    ({ target }) => target.service !== undefined && keyOf(target.service) === keyOf(service),
  );
  const selected = policies.filter(
    ({ target: { selector } }) => selector !== undefined && pods.every((labels) => selects(selector, labels)),
  );
  const namespace = policies.find(({ target }) => target.service === undefined && target.selector === undefined);
  return { workload: [...named, ...selected], ...(namespace === undefined ? {} : { namespace }) };
}

/** SPIFFE ID without its scheme: `cluster.local/ns/shop/sa/cart`. */
export const principalOf = (model: Model, namespace: string, serviceAccount: string): string =>
  `${model.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
export const spiffeIdOf = (model: Model, namespace: string, serviceAccount: string): string =>
  `spiffe://${principalOf(model, namespace, serviceAccount)}`;

/** The identities of a service's workloads; without any known workload, what its account would be by default. */
export function principalsOf(model: Model, service: Service): readonly string[] {
  const accounts = service.versions.flatMap(({ workload }) =>
    workload === undefined ? [] : [workload.serviceAccount],
  );
  const known = accounts.length > 0 ? [...new Set(accounts)] : [service.name];
  return known.map((account) => principalOf(model, service.namespace, account));
}
