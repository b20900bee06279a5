import { podLabelsOf, selects } from "../../model/lookup";
import { type Labels, type Namespace, type Port, type Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { createdNamespaces, conventionalPortName, namespaceResource, serviceResource } from "../k8s-service";
import { deploymentResource, runs } from "../k8s-workload";
import type { Context } from "./context";

/** Labels by which Istio's injector takes a namespace. */
const injection = ({ settings }: Context, { inject }: Namespace): Labels => {
  if (!inject) return { "istio-injection": "disabled" };
  return settings.revision === undefined ? { "istio-injection": "enabled" } : { "istio.io/rev": settings.revision };
};

export const namespaces = (context: Context): PlanResource[] =>
  createdNamespaces(context.model).map((each) => namespaceResource(context.model, each, injection(context, each)));

/** Where the namespace is somebody else's, the pods say for themselves whether they get a sidecar. */
function podLabels({ model, settings }: Context, namespace: string): Labels {
  const found = model.namespaces.find(({ name }) => name === namespace);
  if (found === undefined || found.create) return {};
  if (!found.inject) return { "sidecar.istio.io/inject": "false" };
  return settings.revision === undefined
    ? { "sidecar.istio.io/inject": "true" }
    : { "istio.io/rev": settings.revision };
}

/** Istio reads appProtocol first, then the name; both are written, for older versions and other tools. */
const portForm = {
  name: conventionalPortName,
  appProtocol: ({ protocol }: Port) => protocol,
  targetPort: ({ targetPort }: Port) => targetPort,
};

export const services = (context: Context): PlanResource[] =>
  context.model.services.map((service) =>
    serviceResource(context.model, service, portForm, context.needs(service.namespace)),
  );

/** A Deployment for every version that runs something; its pods never start before the policies that guard them. */
export function deployments(context: Context, policies: readonly PlanResource[]): PlanResource[] {
  const guards = new Guards(policies);
  return context.model.services.flatMap((service) => {
    const labels = podLabels(context, service.namespace);
    return service.versions.flatMap((version) => {
      const { workload } = version;
      if (!runs(workload)) return [];
      const dependsOn = [...context.needs(service.namespace), ...guards.of(service, podLabelsOf(service, version))];
      return [deploymentResource(context.model, service, version, workload, { labels, dependsOn })];
    });
  });
}

interface Guard {
  readonly id: string;
  readonly selector: Labels;
}

/** Policies by what they select, so that a pod looks only at those that share a label with it. */
class Guards {
  private readonly byLabel = new Map<string, Guard[]>();
  private readonly byNamespace = new Map<string, Guard[]>();

  constructor(policies: readonly PlanResource[]) {
    for (const { id, properties } of policies) {
      const { namespace } = properties.metadata as { readonly namespace: string };
      const { selector, workloadSelector } = properties.spec as {
        readonly selector?: { readonly matchLabels: Labels };
        readonly workloadSelector?: { readonly labels: Labels };
      };
      const labels = selector?.matchLabels ?? workloadSelector?.labels ?? {};
      const [first] = Object.entries(labels);
      const guard = { id, selector: labels };
      if (first === undefined) add(this.byNamespace, namespace, guard);
      else add(this.byLabel, `${namespace} ${first[0]}=${first[1]}`, guard);
    }
  }

  of({ namespace }: Service, labels: Labels): readonly string[] {
    const near = Object.entries(labels).flatMap(
      ([key, value]) => this.byLabel.get(`${namespace} ${key}=${value}`) ?? [],
    );
    const all = [...(this.byNamespace.get(namespace) ?? []), ...near];
    return all.filter(({ selector }) => selects(selector, labels)).map(({ id }) => id);
  }
}

function add(map: Map<string, Guard[]>, key: string, guard: Guard): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [guard]);
  else list.push(guard);
}
