import {
  keyOf,
  type AuthorizationPolicy,
  type ExternalService,
  type Gateway,
  type JwtPolicy,
  type Labels,
  type Listener,
  type MtlsMode,
  type MtlsPolicy,
  type Namespace,
  type Parent,
  type Port,
  type Ref,
  type Route,
  type Service,
} from "../model/model";
import type { Facts, WorkloadFact } from "./facts";
import { push, selects, TargetIndex } from "./targets";

type Lists = Omit<Facts, "lookup" | "wrote">;

/** Answers that rules ask for again and again. Every map is built on first use, in one pass. */
export class Lookup {
  readonly #facts: Lists;
  readonly #cache = new Map<string, unknown>();
  readonly #labelSets = new Map<Service, readonly Labels[]>();
  readonly #policies = new Map<Service, readonly AuthorizationPolicy[]>();

  constructor(facts: Lists) {
    this.#facts = facts;
  }

  service(ref: Ref): Service | undefined {
    return this.#once("services", () => byKey(this.#facts.services)).get(keyOf(ref));
  }
  external(ref: Ref): ExternalService | undefined {
    return this.#once("externals", () => byKey(this.#facts.externals)).get(keyOf(ref));
  }
  gateway(ref: Ref): Gateway | undefined {
    return this.#once("gateways", () => byKey(this.#facts.gateways)).get(keyOf(ref));
  }
  namespace(name: string): Namespace | undefined {
    return this.#once("namespaces", () => new Map(this.#facts.namespaces.map((n) => [n.name, n]))).get(name);
  }
  workloadsOf(service: Ref): readonly WorkloadFact[] {
    const build = () => group(this.#facts.workloads, (w) => keyOf(w.service));
    return this.#once("workloadsOf", build).get(keyOf(service)) ?? [];
  }
  /** Principals that workloads and gateways of this mesh have. */
  principals(): ReadonlyMap<string, readonly string[]> {
    return this.#once("principals", () => {
      const found = new Map<string, string[]>();
      for (const w of this.#facts.workloads) push(found, w.principal, w.path);
      const { trustDomain } = this.#facts.mesh;
      for (const g of this.#facts.gateways)
        push(found, `${trustDomain}/ns/${g.namespace}/sa/${g.serviceAccount}`, g.path);
      return found;
    });
  }
  /** Workloads that run under the principal. */
  holdersOf(principal: string): readonly WorkloadFact[] {
    return this.#once("holders", () => group(this.#facts.workloads, (w) => w.principal)).get(principal) ?? [];
  }
  /** Whether every service of the namespace says what runs, so that all its identities are known. */
  fullyDescribed(namespace: string): boolean {
    const services = this.#servicesIn(namespace);
    return services.length > 0 && services.every((s) => s.versions.length > 0 && s.versions.every((v) => v.workload));
  }
  #servicesIn(namespace: string): readonly Service[] {
    return this.#once("byNamespace", () => group(this.#facts.services, (s) => s.namespace)).get(namespace) ?? [];
  }
  /** Routes attached to a service. */
  routesOf(service: Ref): readonly Route[] {
    return this.#once("routesOf", () => this.#routesBy("service")).get(keyOf(service)) ?? [];
  }
  routesOfGateway(gateway: Ref): readonly Route[] {
    return this.#once("routesOfGateway", () => this.#routesBy("gateway")).get(keyOf(gateway)) ?? [];
  }
  #routesBy(kind: Parent["kind"]): Map<string, Route[]> {
    const found = new Map<string, Route[]>();
    for (const route of this.#facts.routes) {
      const keys = new Set(route.parents.filter((p) => p.kind === kind).map(keyOf));
      for (const key of keys) push(found, key, route);
    }
    return found;
  }
  /** Services that say they call this one. */
  callersOf(service: Ref): readonly Service[] {
    return (
      this.#once("callersOf", () => {
        const found = new Map<string, Service[]>();
        for (const caller of this.#facts.services) for (const call of caller.calls) push(found, keyOf(call), caller);
        return found;
      }).get(keyOf(service)) ?? []
    );
  }
  /** The services of this mesh that it calls. */
  callees(service: Service, { required = false } = {}): readonly Service[] {
    const found: Service[] = [];
    for (const call of service.calls) {
      const callee = call.kind === "service" && (call.required || !required) ? this.service(call) : undefined;
      if (callee) found.push(callee);
    }
    return found;
  }
  listenersOf(parent: Parent): readonly Listener[] {
    const gateway = this.gateway(parent);
    if (!gateway) return [];
    return gateway.listeners.filter(
      (l) =>
        (parent.listener === undefined || l.name === parent.listener) &&
        (parent.port === undefined || l.port === parent.port),
    );
  }

  mtlsPolicies(): TargetIndex<MtlsPolicy> {
    return this.#once("mtls", () => new TargetIndex(this.#facts.mtls));
  }
  authorization(): TargetIndex<AuthorizationPolicy> {
    return this.#once("authorization", () => new TargetIndex(this.#facts.authorization));
  }
  jwt(): TargetIndex<JwtPolicy> {
    return this.#once("jwt", () => new TargetIndex(this.#facts.jwt));
  }
  /** What selectors see of a service: the labels of each of its versions, or its own where it has none. */
  labelSets(service: Service): readonly Labels[] {
    const known = this.#labelSets.get(service);
    if (known) return known;
    const sets =
      service.versions.length === 0
        ? [service.labels]
        : service.versions.map((version) => ({ ...service.labels, ...version.labels }));
    this.#labelSets.set(service, sets);
    return sets;
  }
  /** The modes that a port of the service really has: one, unless policies treat its versions differently. */
  modesOf(service: Service, port: Port): readonly MtlsMode[] {
    if (port.mtls) return [port.mtls];
    const modes = this.labelSets(service).map((labels) => this.#mode(service, labels, port.targetPort));
    return [...new Set(modes)];
  }
  #mode(service: Service, labels: Labels, targetPort: number): MtlsMode {
    const index = this.mtlsPolicies();
    const narrow = index.ofWorkload(service, labels);
    for (const policy of narrow) {
      const own = policy.ports.find((p) => p.port === targetPort);
      if (own) return own.mode;
    }
    return narrow[0]?.mode ?? index.ofNamespace(service.namespace)[0]?.mode ?? this.#facts.mesh.mode;
  }
  /** Policies of one action that apply to any version of the service. */
  policiesOf(service: Service): readonly AuthorizationPolicy[] {
    const known = this.#policies.get(service);
    if (known) return known;
    const found = new Set<AuthorizationPolicy>();
    for (const labels of this.labelSets(service))
      for (const policy of this.authorization().all(service, labels)) found.add(policy);
    const list = [...found];
    this.#policies.set(service, list);
    return list;
  }
  jwtOf(service: Service): readonly JwtPolicy[] {
    return [...new Set(this.labelSets(service).flatMap((labels) => this.jwt().all(service, labels)))];
  }
  isDefaultDeny(namespace: string): boolean {
    const denied = this.#once("defaultDeny", () => new Set(this.#facts.defaultDeny.map((d) => d.namespace)));
    return denied.has("*") || denied.has(namespace);
  }
  /** The services that a policy's target reaches. */
  servicesOf(policy: { readonly target: AuthorizationPolicy["target"] }): readonly Service[] {
    const { namespace, service, selector } = policy.target;
    if (service) {
      const found = this.service(service);
      return found ? [found] : [];
    }
    const inNamespace = this.#servicesIn(namespace);
    if (!selector) return inNamespace;
    const pair = Object.entries(selector).sort()[0];
    if (!pair) return inNamespace;
    const byPair = this.#once("byPair", () => {
      const found = new Map<string, Service[]>();
      for (const s of this.#facts.services) {
        const pairs = this.labelSets(s).flatMap((labels) => Object.entries(labels).map(([k, v]) => `${k}=${v}`));
        for (const text of new Set(pairs)) push(found, `${s.namespace} ${text}`, s);
      }
      return found;
    });
    const candidates = byPair.get(`${namespace} ${pair[0]}=${pair[1]}`) ?? [];
    return candidates.filter((s) => this.labelSets(s).some((labels) => selects(selector, labels)));
  }

  #once<T>(name: string, build: () => T): T {
    if (!this.#cache.has(name)) this.#cache.set(name, build());
    return this.#cache.get(name) as T;
  }
}

const byKey = <T extends Ref>(list: readonly T[]): Map<string, T> => new Map(list.map((item) => [keyOf(item), item]));
function group<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of list) push(found, key(item), item);
  return found;
}
