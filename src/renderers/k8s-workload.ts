import type { Finding } from "../model/finding";
import { podLabelsOf } from "../model/lookup";
import { keyOf, type Labels, type Model, type Service, type Version, type Workload } from "../model/model";
import type { PlanResource } from "../plan/plan";
import { containerFields, probeFindings } from "./k8s-container";
import { defined, idOf, kubernetesResource, unlessEmpty } from "./k8s-resource";
import { merge, type Tree } from "./merge";

/** Exists in every namespace already. */
const DEFAULT_ACCOUNT = "default";

/** Has a cluster anything to run: a container, or a template that brings its own. */
export function runs(workload: Workload | undefined): workload is Workload {
  const spec = workload?.template?.spec as { readonly containers?: readonly unknown[] } | undefined;
  return workload !== undefined && (workload.container !== undefined || (spec?.containers?.length ?? 0) > 0);
}

/** What one mesh adds to every pod. */
export interface PodForm {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  /** Before the Deployment is created or updated, these are. */
  readonly dependsOn?: readonly string[];
}

/** One ServiceAccount for every distinct account that a workload names, owned by the first service to do so. */
export function serviceAccounts(model: Model, needs: (namespace: string) => readonly string[]): PlanResource[] {
  const seen = new Map<string, PlanResource>();
  for (const service of model.services) {
    for (const { workload } of service.versions) {
      if (!runs(workload) || workload.serviceAccount === DEFAULT_ACCOUNT) continue;
      const id = idOf("ServiceAccount", workload.serviceAccount, service.namespace);
      if (seen.has(id)) continue;
      const resource = kubernetesResource(model, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        namespace: service.namespace,
        name: workload.serviceAccount,
        owner: `service:${keyOf(service)}`,
        dependsOn: needs(service.namespace),
      });
      seen.set(id, resource);
    }
  }
  return [...seen.values()];
}

/** The pod template: ours, then the workload's own merged over it, then the labels and the account that everything hangs on. */
export function podTemplate(service: Service, version: Version, workload: Workload, form: PodForm): Tree {
  const labels = { ...podLabelsOf(service, version), ...form.labels };
  const annotations = unlessEmpty({ ...form.annotations, ...workload.annotations });
  const spec: Tree = {
    serviceAccountName: workload.serviceAccount,
    ...(workload.container === undefined ? {} : { containers: [containerFields(workload.container, service.ports)] }),
  };
  const ours: Tree = { metadata: defined({ labels, annotations }), spec };
  if (workload.template === undefined) return ours;
  const merged = merge(ours, workload.template);
  return merge(merged, { metadata: { labels }, spec: { serviceAccountName: workload.serviceAccount } });
}

export const deploymentResource = (
  model: Model,
  service: Service,
  version: Version,
  workload: Workload,
  form: PodForm,
): PlanResource => {
  const labels = podLabelsOf(service, version);
  const account =
    workload.serviceAccount === DEFAULT_ACCOUNT
      ? []
      : [idOf("ServiceAccount", workload.serviceAccount, service.namespace)];
  return kubernetesResource(model, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: service.namespace,
    name: workload.name,
    labels,
    body: {
      spec: {
        replicas: workload.replicas,
        selector: { matchLabels: labels },
        template: podTemplate(service, version, workload, form),
      },
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [...account, ...(form.dependsOn ?? [])],
  });
};

/** What a template says that cannot hold on Kubernetes, or that would make an identity other than the model's. */
export function workloadFindings(workload: Workload): Finding[] {
  const spec = workload.template?.spec as { readonly serviceAccountName?: unknown } | undefined;
  const account = spec?.serviceAccountName;
  const other = account !== undefined && account !== workload.serviceAccount;
  return [
    ...(workload.container === undefined ? [] : probeFindings(workload.container)),
    ...(other
      ? [
          {
            code: "MESH2191",
            level: "warning" as const,
            path: `${workload.path}.template.spec.serviceAccountName`,
            message: `the pods run as ${workload.serviceAccount}, which is the identity that policies mean; the template's account is not used`,
            remedy: "Write the account as serviceAccount of the workload.",
          },
        ]
      : []),
  ];
}
