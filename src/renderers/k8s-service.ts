import { keyOf, type Labels, type Model, type Namespace, type Port, type Service } from "../model/model";
import type { PlanResource } from "../plan/plan";
import { defined, idOf, kubernetesResource } from "./k8s-resource";

/** Labels that a mesh's injector looks for on a namespace. */
export const namespaceResource = (model: Model, namespace: Namespace, injection: Labels): PlanResource =>
  kubernetesResource(model, {
    apiVersion: "v1",
    kind: "Namespace",
    name: namespace.name,
    labels: { ...injection, ...namespace.labels },
    owner: "mesh",
  });

/** The namespaces that the Plan creates. */
export const createdNamespaces = (model: Model): readonly Namespace[] =>
  model.namespaces.filter((namespace) => namespace.create);

/** The Namespace to wait for, where the Plan creates it. */
export function namespaceNeeds(model: Model): (namespace: string) => readonly string[] {
  const created = new Set(createdNamespaces(model).map(({ name }) => name));
  return (namespace) => (created.has(namespace) ? [idOf("Namespace", namespace)] : []);
}

/**
 * The port's name with the protocol in front, as Istio and many tools read it: `web` of an HTTP port is `http-web`.
 * A name that begins with its protocol already stays.
 */
export const conventionalPortName = ({ name, protocol }: Pick<Port, "name" | "protocol">): string =>
  name === protocol || name.startsWith(`${protocol}-`) ? name : `${protocol}-${name}`;

export interface ServicePortForm {
  readonly name: (port: Port) => string;
  /** Undefined: none is written. */
  readonly appProtocol: (port: Port) => string | undefined;
  readonly targetPort: (port: Port) => number | string;
}

/** The Service that clients call: selected by the service's own labels, so pods of every version. */
export const serviceResource = (
  model: Model,
  service: Service,
  form: ServicePortForm,
  dependsOn: readonly string[],
): PlanResource =>
  kubernetesResource(model, {
    apiVersion: "v1",
    kind: "Service",
    namespace: service.namespace,
    name: service.name,
    labels: service.labels,
    body: {
      spec: {
        selector: service.labels,
        ports: service.ports.map((port) =>
          defined({
            name: form.name(port),
            port: port.port,
            targetPort: form.targetPort(port),
            protocol: "TCP",
            appProtocol: form.appProtocol(port),
          }),
        ),
      },
    },
    owner: `service:${keyOf(service)}`,
    dependsOn,
  });
