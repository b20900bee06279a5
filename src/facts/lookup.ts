import {
  sameRef,
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
import { LabelIndex } from "../model/label-index";
import { selects } from "../model/lookup";
import { RefMap } from "../model/ref-map";
import { type PlacedRule, ruleIndex } from "../model/rule-index";
import type { Facts, WorkloadFact } from "./facts";
import { push, TargetIndex } from "./targets";

/** So few calls are looked through one by one. */
const FEW = 16;

type Lists = Omit<Facts, "lookup" | "wrote">;

/** Answers that rules ask for again and again. Every map is built on first use, in one pass. */
export class Lookup {
  readonly #facts: Lists;
  readonly #labelSets = new Map<Service, readonly Labels[]>();
  readonly #policies = new Map<Service, readonly AuthorizationPolicy[]>();
  readonly #allows = new Map<Service, readonly AuthorizationPolicy[]>();
  readonly #identities = new RefMap<readonly WorkloadFact[]>();
  #services?: RefMap<Service>;
  #externals?: RefMap<ExternalService>;
  #gateways?: RefMap<Gateway>;
  #namespaces?: ReadonlyMap<string, Namespace>;
  #workloads?: RefMap<WorkloadFact[]>;
  #principals?: ReadonlyMap<string, readonly string[]>;
  #holders?: ReadonlyMap<string, readonly WorkloadFact[]>;
  #byNamespace?: ReadonlyMap<string, readonly Service[]>;
  #byLabel?: LabelIndex<Service>;
  #routesOfService?: RefMap<Route[]>;
  #routesOfGateway?: RefMap<Route[]>;
  #callers?: RefMap<Service[]>;
  #mtls?: TargetIndex<MtlsPolicy>;
  #authorization?: TargetIndex<AuthorizationPolicy>;
  #jwt?: TargetIndex<JwtPolicy>;
  #denied?: ReadonlySet<string>;

  constructor(facts: Lists) {
    this.#facts = facts;
  }

  service(ref: Ref): Service | undefined {
    return (this.#services ??= RefMap.of(this.#facts.services)).get(ref);
  }
  external(ref: Ref): ExternalService | undefined {
    return (this.#externals ??= RefMap.of(this.#facts.externals)).get(ref);
  }
  gateway(ref: Ref): Gateway | undefined {
    return (this.#gateways ??= RefMap.of(this.#facts.gateways)).get(ref);
  }
  namespace(name: string): Namespace | undefined {
    return (this.#namespaces ??= new Map(this.#facts.namespaces.map((n) => [n.name, n]))).get(name);
  }
  workloadsOf(service: Ref): readonly WorkloadFact[] {
    return (this.#workloads ??= groupByRef(this.#facts.workloads, (w) => [w.service])).get(service) ?? [];
  }
  /** The identities of its workloads, each once. */
  identitiesOf(service: Ref): readonly WorkloadFact[] {
    const known = this.#identities.get(service);
    if (known) return known;
    const workloads = this.workloadsOf(service);
    const distinct = workloads.filter((w, i) => workloads.findIndex((o) => o.principal === w.principal) === i);
    this.#identities.set(service, distinct);
    return distinct;
  }
  /** Principals that workloads and gateways of this mesh have. */
  principals(): ReadonlyMap<string, readonly string[]> {
    if (this.#principals) return this.#principals;
    const found = new Map<string, string[]>();
    for (const w of this.#facts.workloads) push(found, w.principal, w.path);
    const { trustDomain } = this.#facts.mesh;
    for (const g of this.#facts.gateways)
      push(found, `${trustDomain}/ns/${g.namespace}/sa/${g.serviceAccount}`, g.path);
    return (this.#principals = found);
  }
  /** Workloads that run under the principal. */
  holdersOf(principal: string): readonly WorkloadFact[] {
    return (this.#holders ??= group(this.#facts.workloads, (w) => w.principal)).get(principal) ?? [];
  }
  /** Whether every service of the namespace says what runs, so that all its identities are known. */
  fullyDescribed(namespace: string): boolean {
    const services = this.#servicesIn(namespace);
    return services.length > 0 && services.every((s) => s.versions.length > 0 && s.versions.every((v) => v.workload));
  }
  #servicesIn(namespace: string): readonly Service[] {
    return (this.#byNamespace ??= group(this.#facts.services, (s) => s.namespace)).get(namespace) ?? [];
  }
  /** Routes attached to a service. */
  routesOf(service: Ref): readonly Route[] {
    return (this.#routesOfService ??= this.#routesBy("service")).get(service) ?? [];
  }
  routesOfGateway(gateway: Ref): readonly Route[] {
    return (this.#routesOfGateway ??= this.#routesBy("gateway")).get(gateway) ?? [];
  }
  #routesBy(kind: Parent["kind"]): RefMap<Route[]> {
    return groupByRef(this.#facts.routes, (route) => route.parents.filter((p) => p.kind === kind));
  }
  /** Rules that retry, with their routes, in the order written. */
  retried(): readonly PlacedRule[] {
    return ruleIndex(this.#facts.routes).retried;
  }
  /** Rules with any filter, with their routes, in the order written. */
  filtered(): readonly PlacedRule[] {
    return ruleIndex(this.#facts.routes).filtered;
  }
  /** Rules with several matches, with their routes, in the order written. */
  branched(): readonly PlacedRule[] {
    return ruleIndex(this.#facts.routes).branched;
  }
  /** Rules that match by method or regular expression, with their routes, in the order written. */
  particular(): readonly PlacedRule[] {
    return ruleIndex(this.#facts.routes).particular;
  }
  /** Services that say they call this one. */
  callersOf(service: Ref): readonly Service[] {
    return (this.#callers ??= groupByRef(this.#facts.services, (caller) => caller.calls)).get(service) ?? [];
  }
  /** Whether a service of this mesh says that it calls the other. */
  calls(caller: Ref, callee: Ref): boolean {
    const calls = this.service(caller)?.calls ?? [];
    if (calls.length <= FEW) return calls.some((call) => sameRef(call, callee));
    return this.callersOf(callee).some((each) => sameRef(each, caller));
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
    return (this.#mtls ??= new TargetIndex(this.#facts.mtls));
  }
  authorization(): TargetIndex<AuthorizationPolicy> {
    return (this.#authorization ??= new TargetIndex(this.#facts.authorization));
  }
  jwt(): TargetIndex<JwtPolicy> {
    return (this.#jwt ??= new TargetIndex(this.#facts.jwt));
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
  /** Policies that apply to any version of the service. */
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
  /** Those of them that let somebody in. */
  allowsOf(service: Service): readonly AuthorizationPolicy[] {
    const known = this.#allows.get(service);
    if (known) return known;
    const list = this.policiesOf(service).filter((policy) => policy.action === "ALLOW");
    this.#allows.set(service, list);
    return list;
  }
  jwtOf(service: Service): readonly JwtPolicy[] {
    return [...new Set(this.labelSets(service).flatMap((labels) => this.jwt().all(service, labels)))];
  }
  isDefaultDeny(namespace: string): boolean {
    const denied = (this.#denied ??= new Set(this.#facts.defaultDeny.map((d) => d.namespace)));
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
    if (Object.keys(selector).length === 0) return inNamespace;
    const candidates = (this.#byLabel ??= this.#labelled()).candidates(namespace, selector);
    return candidates.filter((s) => this.labelSets(s).some((labels) => selects(selector, labels)));
  }

  #labelled(): LabelIndex<Service> {
    const found = new LabelIndex<Service>();
    for (const s of this.#facts.services) for (const labels of this.labelSets(s)) found.addAll(s.namespace, labels, s);
    return found;
  }
}

/** What stands under several refs is in each one's list, once. */
function groupByRef<T>(list: readonly T[], refsOf: (item: T) => readonly Ref[]): RefMap<T[]> {
  const found = new RefMap<T[]>();
  for (const item of list)
    for (const ref of refsOf(item)) {
      const group = found.get(ref);
      if (group === undefined) found.set(ref, [item]);
      else if (group.at(-1) !== item) group.push(item);
    }
  return found;
}
function group<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of list) push(found, key(item), item);
  return found;
}
