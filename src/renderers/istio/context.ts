import type { BackendName, Labels, Model, Ref } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { namespaceNeeds } from "../k8s-service";
import { kubernetesResource } from "../k8s-resource";
import { settingsOf, type Settings } from "./settings";

/** `mesh` is open-source Istio; `managed-csm` is Google's Cloud Service Mesh, which reads the same resources. */
export type Flavour = "mesh" | "managed-csm";
export const backendOf = (flavour: Flavour): BackendName => (flavour === "mesh" ? "istio" : "istio-managed-csm");

/** What every part of the renderer shares. */
export interface Context {
  readonly model: Model;
  readonly flavour: Flavour;
  readonly settings: Settings;
  /** What must exist before anything in a namespace does. */
  readonly needs: (namespace: string) => readonly string[];
}

export function contextOf(model: Model, flavour: Flavour, controlPlane: readonly string[]): Context {
  const ofNamespace = namespaceNeeds(model);
  return {
    model,
    flavour,
    settings: settingsOf(model, backendOf(flavour)),
    needs: (namespace) => [...ofNamespace(namespace), ...controlPlane],
  };
}

const NETWORKING = "networking.istio.io/v1";
const SECURITY = "security.istio.io/v1";
const apiVersions = {
  VirtualService: NETWORKING,
  DestinationRule: NETWORKING,
  Gateway: NETWORKING,
  ServiceEntry: NETWORKING,
  Sidecar: NETWORKING,
  PeerAuthentication: SECURITY,
  RequestAuthentication: SECURITY,
  AuthorizationPolicy: SECURITY,
  Telemetry: "telemetry.istio.io/v1",
} as const;

/** One of Istio's resources; it waits for its namespace and the control plane before what it names itself. */
export const istioResource = (
  context: Context,
  kind: keyof typeof apiVersions,
  { name, namespace }: Ref,
  spec: Readonly<Record<string, unknown>>,
  owner: string,
  dependsOn: readonly string[] = [],
): PlanResource =>
  kubernetesResource(context.model, {
    apiVersion: apiVersions[kind],
    kind,
    namespace,
    name,
    body: { spec },
    owner,
    dependsOn: [...context.needs(namespace), ...dependsOn],
  });

/** Visible to every namespace, whatever the mesh's own default is. */
export const EVERYWHERE = { exportTo: ["*"] };
/** How security policies select pods. */
export const selectorOf = (labels: Labels | undefined) =>
  labels === undefined ? {} : { selector: { matchLabels: labels } };
