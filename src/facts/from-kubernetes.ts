import type { Container, Labels, Port, Protocol, Ref, Resources as Amounts, Service, Version } from "../model/model";
import type { Draft } from "./draft";
import type { WorkloadFact } from "./facts";
import { optsOut } from "./from-model";
import { fields, inside, items, labelsIn, list, number, text, texts, type Fields } from "./read";
import { isLater, type RawResource } from "./resource";
import { maySelect, type Resources } from "./resources";
import { push } from "./targets";

export const workloadTypes = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "batch/Job",
  "batch/CronJob",
  "core/Pod",
  "argoproj.io/Rollout",
] as const;
/** Those whose pods are meant to answer: a job has no replicas to lose. */
const serving = new Set<string>(["apps/Deployment", "apps/StatefulSet", "apps/ReplicaSet", "argoproj.io/Rollout"]);

/** The pod template of whatever makes pods, and where it stands. */
export function podOf(resource: RawResource): { readonly template: Fields; readonly path: string } {
  const { body, id, type } = resource;
  if (type === "core/Pod") return { template: { metadata: body.metadata, spec: body.spec }, path: id + "#" };
  const at = type === "batch/CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  return { template: fields(inside(body, ...at)), path: `${id}#${at.join(".")}.` };
}
export const podLabels = (resource: RawResource): Labels =>
  labelsIn(inside(podOf(resource).template, "metadata", "labels"));

/** Pods of a namespace by one of their labels, so that a selector looks at few. */
export class PodIndex {
  readonly #byPair = new Map<string, RawResource[]>();
  readonly #unsure: RawResource[] = [];
  readonly #byNamespace = new Map<string, RawResource[]>();
  constructor(resources: Resources) {
    for (const resource of resources.of(...workloadTypes)) {
      push(this.#byNamespace, resource.namespace, resource);
      const labels = Object.entries(podLabels(resource));
      if (isLater(resource.namespace) || labels.some(([, value]) => isLater(value))) this.#unsure.push(resource);
      for (const [key, value] of labels) push(this.#byPair, `${resource.namespace} ${key}=${value}`, resource);
    }
  }
  /** Those that a selector takes, or may take. An empty one takes all of the namespace. */
  selected(namespace: string, selector: Labels): readonly RawResource[] {
    const [pair] = Object.entries(selector);
    if (!pair) return this.#byNamespace.get(namespace) ?? [];
    const found = this.#byPair.get(`${namespace} ${pair[0]}=${pair[1]}`) ?? [];
    return [...found.filter((r) => maySelect(selector, podLabels(r))), ...this.unsure(namespace, selector)];
  }
  unsure(namespace: string, selector: Labels): readonly RawResource[] {
    return this.#unsure.filter(
      (r) => (r.namespace === namespace || isLater(r.namespace)) && maySelect(selector, podLabels(r)),
    );
  }
}

/** Namespaces, services with their ports, and what runs behind them. */
export function fromKubernetes(resources: Resources, pods: PodIndex, draft: Draft): void {
  for (const namespace of resources.of("core/Namespace"))
    draft.namespaces.push({
      path: namespace.id,
      name: namespace.name,
      create: true,
      inject: isInjected(namespace),
      labels: namespace.labels,
    });
  const injected = new Map(draft.namespaces.map((n) => [n.name, n.inject]));
  for (const resource of resources.of("core/Service")) {
    const spec = fields(resource.body.spec);
    if (text(spec.type) === "ExternalName" || spec.selector === undefined) continue;
    const labels = labelsIn(spec.selector);
    const made = pods.selected(resource.namespace, labels);
    const service: Service = {
      path: resource.id,
      name: resource.name,
      namespace: resource.namespace,
      labels,
      calls: [],
      ports: portsOf(resource, made),
      versions: made.map(versionOf),
      traffic: {
        path: resource.id,
        loadBalancing: { policy: "LEAST_REQUEST", hashOn: [] },
        connectionPool: { connectTimeoutMs: 0, idleTimeoutMs: 0 },
        rateLimits: [],
      },
    };
    draft.services.push(service);
    for (const pod of made) draft.workloads.push(workloadFact(draft, pod, service, injected));
  }
  const served = new Set(draft.workloads.map(({ path }) => path));
  for (const pod of resources.of(...workloadTypes))
    if (!served.has(workloadPath(pod))) draft.workloads.push(workloadFact(draft, pod, pod, injected));
}
const workloadPath = (pod: RawResource): string => `${podOf(pod).path}spec`;

/** Whether pods of the namespace get into a mesh, in each mesh's words. */
export const isInjected = ({ labels, annotations }: Pick<RawResource, "labels" | "annotations">): boolean =>
  labels["istio-injection"] === "enabled" ||
  labels["istio.io/rev"] !== undefined ||
  labels["istio.io/dataplane-mode"] === "ambient" ||
  ["enabled", "ingress"].includes(annotations["linkerd.io/inject"] ?? "") ||
  labels["appmesh.k8s.aws/sidecarInjectorWebhook"] === "enabled";

const protocols: Readonly<Record<string, Protocol>> = {
  http: "http",
  http2: "http2",
  h2c: "http2",
  "kubernetes.io/h2c": "http2",
  grpc: "grpc",
  "grpc-web": "grpc",
  https: "tls",
  tls: "tls",
  tcp: "tcp",
  mongo: "tcp",
  mysql: "tcp",
  redis: "tcp",
  udp: "tcp",
};
/** The protocol that a port's name or appProtocol says; undefined: none. */
export const protocolOf = (port: Fields): Protocol | undefined => {
  const named = text(port.name);
  const prefix = named === undefined ? undefined : (protocols[named] ?? protocols[named.split("-")[0] ?? ""]);
  const said = protocols[text(port.appProtocol) ?? ""];
  // gRPC is what its name says; appProtocol tells the HTTP/2 below it.
  return said === "http2" && prefix === "grpc" ? prefix : (said ?? prefix);
};

function portsOf(resource: RawResource, pods: readonly RawResource[]): Port[] {
  return items(inside(resource.body, "spec", "ports"), `${resource.id}#spec.ports`).map(({ item, path }) => {
    const port = number(item.port) ?? 0;
    return {
      path,
      name: text(item.name) ?? "",
      port,
      targetPort: targetOf(item.targetPort, port, pods),
      protocol: protocolOf(item) ?? "tcp",
      serverFirst: false,
    };
  });
}
function targetOf(target: unknown, port: number, pods: readonly RawResource[]): number {
  if (typeof target !== "string") return number(target) ?? port;
  for (const pod of pods)
    for (const { item } of containersOf(pod))
      for (const { item: own } of items(item.ports, ""))
        if (own.name === target) return number(own.containerPort) ?? port;
  return number(target) ?? port;
}

export const containersOf = (resource: RawResource): readonly { readonly item: Fields; readonly path: string }[] => {
  const { template, path } = podOf(resource);
  return items(inside(template, "spec", "containers"), `${path}spec.containers`);
};

function versionOf(pod: RawResource): Version {
  const account = text(inside(podOf(pod).template, "spec", "serviceAccountName")) ?? "default";
  return {
    path: pod.id,
    name: pod.name,
    labels: podLabels(pod),
    workload: isLater(account)
      ? undefined
      : {
          path: workloadPath(pod),
          name: pod.name,
          replicas: replicasOf(pod),
          serviceAccount: account,
          bind: "any",
          annotations: labelsIn(inside(podOf(pod).template, "metadata", "annotations")),
        },
  };
}
function replicasOf(pod: RawResource): number {
  if (!serving.has(pod.type)) return 1000;
  return number(inside(pod.body, "spec", "replicas")) ?? 1;
}

function workloadFact(
  draft: Draft,
  pod: RawResource,
  service: Ref,
  injected: ReadonlyMap<string, boolean>,
): WorkloadFact {
  const { template } = podOf(pod);
  const labels = podLabels(pod);
  const annotations = labelsIn(inside(template, "metadata", "annotations"));
  const serviceAccount = text(inside(template, "spec", "serviceAccountName")) ?? "default";
  const asked = labels["sidecar.istio.io/inject"] === "true" || annotations["linkerd.io/inject"] === "enabled";
  return {
    path: workloadPath(pod),
    name: pod.name,
    namespace: pod.namespace,
    service: { name: service.name, namespace: service.namespace },
    version: pod.name,
    replicas: replicasOf(pod),
    labels,
    annotations,
    serviceAccount,
    principal: `${draft.mesh.trustDomain}/ns/${pod.namespace}/sa/${serviceAccount}`,
    injected: (asked || (injected.get(pod.namespace) ?? false)) && optsOut(labels, annotations) === undefined,
    container: mainContainer(pod),
    template,
    calls: [],
  };
}

function mainContainer(pod: RawResource): Container | undefined {
  const [first] = containersOf(pod);
  if (!first) return undefined;
  const { item, path } = first;
  return {
    path,
    name: text(item.name) ?? "",
    image: text(item.image) ?? "",
    port: number(inside(list(item.ports)[0], "containerPort")) ?? 0,
    command: texts(item.command),
    args: texts(item.args),
    env: Object.fromEntries(
      items(item.env, "").flatMap(({ item: pair }) => {
        const [name, value] = [text(pair.name), text(pair.value)];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
    ),
    resources: { requests: amounts(item, "requests"), limits: amounts(item, "limits") },
    probes: {},
  };
}
/** Whether an amount is set is what rules ask; the amount itself is read where it is a plain number. */
function amounts(container: Fields, which: "requests" | "limits"): Amounts {
  const given = fields(inside(container, "resources", which));
  const read = (value: unknown): number | undefined => (value === undefined ? undefined : quantity(String(value)));
  return { cpu: read(given.cpu), memory: read(given.memory) };
}
const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
function quantity(written: string): number {
  const [, amount = "0", unit = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(written) ?? [];
  return Number(amount) * (factors[unit] ?? 1);
}
