import type { Finding } from "../../model/finding";
import { podLabelsOf, selects, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type MtlsMode, type MtlsPolicy, type Service, type Target } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { type Context, istioResource, selectorOf } from "./context";
import { finding } from "./findings";
import { ownerOf } from "./names";

const isNarrow = ({ service, selector }: Target): boolean => service !== undefined || selector !== undefined;

/** The labels of the pods that a policy selects; undefined: the whole namespace. */
export const selectorLabels = (model: Model, { service, selector }: Target) =>
  service === undefined ? selector : serviceOf(model, service)?.labels;

/** Modes of single ports, by the port that the workload listens on. */
type PortModes = ReadonlyMap<number, MtlsMode>;

const ownPorts = (service: Service): PortModes =>
  new Map(service.ports.flatMap(({ targetPort, mtls }) => (mtls === undefined ? [] : [[targetPort, mtls] as const])));

/** Whether a policy is for all pods of the service and for those alone. */
const isFor = (policy: MtlsPolicy, service: Service): boolean => {
  if (policy.target.service !== undefined) return keyOf(policy.target.service) === keyOf(service);
  const { selector, namespace } = policy.target;
  return (
    selector !== undefined &&
    namespace === service.namespace &&
    selects(selector, service.labels) &&
    selects(service.labels, selector)
  );
};

/** Whether a policy takes in pods of the service. */
const reaches = (policy: MtlsPolicy, service: Service): boolean => {
  const { target } = policy;
  if (target.namespace !== service.namespace || !isNarrow(target)) return false;
  if (target.service !== undefined) return keyOf(target.service) === keyOf(service);
  const pods = service.versions.length === 0 ? [service.labels] : service.versions.map((v) => podLabelsOf(service, v));
  return pods.some((labels) => selects(target.selector ?? {}, labels));
};

/** Policies with a selector, by namespace, so that services need not look at those of all others. */
function narrowByNamespace(model: Model): ReadonlyMap<string, readonly MtlsPolicy[]> {
  const found = new Map<string, MtlsPolicy[]>();
  for (const policy of model.policies.mtls) {
    if (!isNarrow(policy.target)) continue;
    const list = found.get(policy.target.namespace);
    if (list === undefined) found.set(policy.target.namespace, [policy]);
    else list.push(policy);
  }
  return found;
}

const peerAuthentication = (
  context: Context,
  ref: { readonly name: string; readonly namespace: string },
  labels: Readonly<Record<string, string>> | undefined,
  mode: MtlsMode,
  ports: PortModes,
  owner: string,
): PlanResource =>
  istioResource(
    context,
    "PeerAuthentication",
    ref,
    {
      ...selectorOf(labels),
      mtls: { mode },
      ...(ports.size > 0
        ? { portLevelMtls: Object.fromEntries([...ports].map(([port, each]) => [String(port), { mode: each }])) }
        : {}),
    },
    owner,
  );

/** The namespaces that hold pods of the mesh. */
export const inhabited = (model: Model): readonly string[] => [
  ...new Set([...model.services, ...model.gateways].map(({ namespace }) => namespace)),
];

/**
 * Istio applies one PeerAuthentication to a workload, the narrowest, so a port's own mode goes into the policy that
 * is for its service, or into one of its own. Each namespace gets the mesh's mode where no policy says another.
 */
export function peerAuthentications(context: Context): PlanResource[] {
  const { model } = context;
  const narrow = narrowByNamespace(model);
  const folded = new Map<MtlsPolicy, Service>();
  const alone: Service[] = [];
  for (const service of model.services) {
    if (ownPorts(service).size === 0) continue;
    const policy = narrow.get(service.namespace)?.find((each) => isFor(each, service));
    if (policy === undefined) alone.push(service);
    else folded.set(policy, service);
  }
  const written = model.policies.mtls.map((policy) => {
    const service = folded.get(policy);
    const modes = new Map([
      ...policy.ports.map(({ port, mode }) => [port, mode] as const),
      ...(service === undefined ? [] : ownPorts(service)),
    ]);
    const labels = selectorLabels(model, policy.target);
    return peerAuthentication(context, policy, labels, policy.mode, modes, ownerOf("mtls", policy));
  });
  const byPort = alone.map((service) => {
    const ref = { name: `${service.name}.ports`, namespace: service.namespace };
    const owner = ownerOf("service", service);
    return peerAuthentication(
      context,
      ref,
      service.labels,
      namespaceMode(model, service.namespace),
      ownPorts(service),
      owner,
    );
  });
  return [...namespaceDefaults(context), ...written, ...byPort];
}

const namespacePolicy = (model: Model, namespace: string): MtlsPolicy | undefined =>
  model.policies.mtls.find(({ target }) => target.namespace === namespace && !isNarrow(target));
const namespaceMode = (model: Model, namespace: string): MtlsMode =>
  namespacePolicy(model, namespace)?.mode ?? model.mtls.mode;

/** `default` is the name that Istio's users look for; of two policies for a namespace only the older would count. */
const namespaceDefaults = (context: Context): PlanResource[] => {
  const { mtls } = context.model.policies;
  const taken = new Set(mtls.filter(({ name }) => name === "default").map(({ namespace }) => namespace));
  return inhabited(context.model)
    .filter((namespace) => namespacePolicy(context.model, namespace) === undefined)
    .map((namespace) => {
      const ref = { name: taken.has(namespace) ? "mesh.default" : "default", namespace };
      return peerAuthentication(context, ref, undefined, context.model.mtls.mode, new Map(), "mesh");
    });
};

/** Two policies that reach the same pods: Istio takes the older, which no file tells. */
export function mtlsFindings(model: Model): Finding[] {
  const narrow = narrowByNamespace(model);
  const reported = new Set<MtlsPolicy>();
  return model.services.flatMap((service): Finding[] => {
    const reaching = (narrow.get(service.namespace) ?? []).filter((policy) => reaches(policy, service));
    const [first, second] = reaching;
    if (first !== undefined && second !== undefined && !reported.has(second)) {
      reported.add(second);
      const message = `Istio applies one workload policy to the pods of ${service.name}, and ${first.name} is one already: the older would win`;
      return [finding("MESH2103", second.path, message, "Make them one policy, or select different pods.")];
    }
    const broad = first !== undefined && ownPorts(service).size > 0 && !isFor(first, service);
    if (!broad || first === undefined) return [];
    const message = `${first.name} selects more than ${service.name}, so the modes of its ports have no policy to stand in`;
    return [finding("MESH2103", `${service.path}.ports`, message, `Write a policy for ${service.name} alone.`)];
  });
}
