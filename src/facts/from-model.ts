import { wrote } from "../model";
import type { BackendName, Labels, Model, Service, Version, Workload } from "../model/model";
import type { Facts, WorkloadFact } from "./facts";
import { Lookup } from "./lookup";

/** Says that a pod gets no sidecar, in each mesh's words. */
const optOut = [
  ["sidecar.istio.io/inject", "false"],
  ["linkerd.io/inject", "disabled"],
] as const;
export const optsOut = (labels: Labels, annotations: Labels): string | undefined =>
  optOut.find(([key, value]) => annotations[key] === value || labels[key] === value)?.[0];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** A step-by-step look into a pod template, which is as free as Kubernetes is. */
export function inTemplate(template: unknown, ...keys: readonly string[]): unknown {
  let value = template;
  for (const key of keys) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
const textsAt = (template: unknown, ...keys: readonly string[]): Labels => {
  const value = inTemplate(template, ...keys);
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
};

/** The facts of a mesh file. */
export function fromModel(model: Model): Facts {
  const injected = new Map(model.namespaces.map((n) => [n.name, n.inject]));
  const workloads = model.services.flatMap((service) =>
    service.versions.flatMap((version) =>
      version.workload ? [workloadFact(model, service, version, version.workload, injected)] : [],
    ),
  );
  const lists = {
    mesh: {
      path: "mtls.mode",
      trustDomain: model.trustDomain,
      mode: model.mtls.mode,
      minVersion: model.mtls.minVersion,
      egress: model.egress.mode,
    },
    namespaces: model.namespaces,
    services: model.services,
    workloads,
    externals: model.externalServices,
    gateways: model.gateways,
    routes: model.routes,
    mtls: model.policies.mtls,
    authorization: model.policies.authorization,
    jwt: model.policies.jwt,
    defaultDeny: model.policies.defaultDeny,
    telemetry: model.telemetry,
    backends: (Object.keys(model.backends) as BackendName[]).map((name) => ({ path: `backends.${name}`, name })),
    complete: {
      workloads: model.services.every((s) => s.versions.length > 0 && s.versions.every((v) => v.workload)),
      calls: model.services.some((s) => s.calls.length > 0),
    },
  };
  return { ...lists, wrote: (path) => wrote(model, path), lookup: new Lookup(lists) };
}

function workloadFact(
  model: Model,
  service: Service,
  version: Version,
  workload: Workload,
  injected: ReadonlyMap<string, boolean>,
): WorkloadFact {
  const { template } = workload;
  const labels =
    template === undefined
      ? { ...service.labels, ...version.labels }
      : { ...textsAt(template, "metadata", "labels"), ...service.labels, ...version.labels };
  const annotations =
    template === undefined
      ? workload.annotations
      : { ...textsAt(template, "metadata", "annotations"), ...workload.annotations };
  return {
    path: workload.path,
    name: workload.name,
    namespace: service.namespace,
    service,
    version: version.name,
    replicas: workload.replicas,
    labels,
    annotations,
    serviceAccount: workload.serviceAccount,
    principal: `${model.trustDomain}/ns/${service.namespace}/sa/${workload.serviceAccount}`,
    injected: (injected.get(service.namespace) ?? true) && optsOut(labels, annotations) === undefined,
    container: workload.container,
    template: workload.template,
    calls: service.calls,
  };
}
