import { podLabelsOf } from "../../model/lookup";
import { keyOf, type Labels, type Service, type Version } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { deniedByDefault } from "../authorization-targets";
import { createdNamespaces, namespaceResource, serviceResource } from "../k8s-service";
import { deploymentResource, runs } from "../k8s-workload";
import { appProtocolOf, type Context } from "./context";
import { annotationDuration } from "./durations";
import { versionServiceOf } from "./names";
import { isSkipped } from "./servers";

const INJECT = "linkerd.io/inject";

export const namespaces = ({ model }: Context): PlanResource[] =>
  createdNamespaces(model).map((namespace) => {
    const resource = namespaceResource(model, namespace, {});
    const { metadata, ...rest } = resource.properties as { metadata: object };
    // Linkerd's injector reads an annotation, not a label.
    const annotations = { [INJECT]: namespace.inject ? "enabled" : "disabled" };
    return { ...resource, properties: { ...rest, metadata: { ...metadata, annotations } } };
  });

const portForm = {
  name: ({ name }: { name: string }) => name,
  appProtocol: appProtocolOf,
  targetPort: ({ targetPort }: { targetPort: number }) => targetPort,
};

/** Failure accrual stands for outlier detection; it is read from the Service that is called. */
function annotations(service: Service): Labels {
  const outlier = service.traffic.outlierDetection;
  const locality = service.traffic.loadBalancing.locality;
  return {
    ...(outlier !== undefined && {
      "balancer.linkerd.io/failure-accrual": "consecutive",
      "balancer.linkerd.io/failure-accrual-consecutive-max-failures": String(outlier.consecutive5xx),
      "balancer.linkerd.io/failure-accrual-consecutive-min-penalty": annotationDuration(outlier.baseEjectionTimeMs),
      // The longest penalty is never below the shortest; Linkerd's own default is one minute.
      "balancer.linkerd.io/failure-accrual-consecutive-max-penalty": annotationDuration(
        Math.max(60_000, outlier.baseEjectionTimeMs),
      ),
    }),
    ...(locality?.mode === "prefer" && { "service.kubernetes.io/topology-mode": "Auto" }),
  };
}

/** The Service that clients call, and one for every version, which routes name. */
export function services(context: Context, service: Service): PlanResource[] {
  const { model, needs } = context;
  const dependsOn = needs(service.namespace);
  const forms: readonly { ref: { name: string; namespace: string }; labels: Labels }[] = [
    { ref: service, labels: service.labels },
    ...service.versions.map((version) => ({
      ref: versionServiceOf(service, version),
      labels: podLabelsOf(service, version),
    })),
  ];
  return forms.map(({ ref, labels }) => {
    const resource = serviceResource(model, { ...service, ...ref, labels }, portForm, dependsOn);
    const notes = annotations(service);
    if (Object.keys(notes).length === 0) return { ...resource, owner: `service:${keyOf(service)}` };
    const { metadata, ...rest } = resource.properties as { metadata: object };
    return {
      ...resource,
      owner: `service:${keyOf(service)}`,
      properties: { ...rest, metadata: { ...metadata, annotations: notes } },
    };
  });
}

export function deployments(context: Context, service: Service, policies: readonly string[]): PlanResource[] {
  return service.versions.flatMap((version) => {
    const { workload } = version;
    if (!runs(workload)) return [];
    const form = { annotations: podAnnotations(context, service, version), dependsOn: policies };
    return [deploymentResource(context.model, service, version, workload, form)];
  });
}

/** What Linkerd's proxy is told by its pod: ports it leaves alone, what it denies by default, its access log. */
function podAnnotations(context: Context, service: Service, version: Version): Labels {
  const { model } = context;
  const skipped = service.ports
    .filter((port) => isSkipped(context, service, port, version))
    .map((port) => port.targetPort);
  const opaque = service.ports.filter((port) => port.serverFirst).map((port) => port.targetPort);
  const denied = deniedByDefault(model, service);
  const logs = model.telemetry.accessLogs;
  return {
    [INJECT]: injected(model, service.namespace) ? "enabled" : "disabled",
    ...(skipped.length > 0 && { "config.linkerd.io/skip-inbound-ports": skipped.join(",") }),
    ...(opaque.length > 0 && { "config.linkerd.io/opaque-ports": opaque.join(",") }),
    ...(denied && { "config.linkerd.io/default-inbound-policy": "deny" }),
    ...(logs !== undefined && { "config.linkerd.io/access-log": logs.format === "json" ? "json" : "apache" }),
  };
}
const injected = (model: Context["model"], name: string): boolean =>
  model.namespaces.find((namespace) => namespace.name === name)?.inject ?? true;
