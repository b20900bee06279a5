import type { Model, Port, Ref } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { kubernetesResource } from "../k8s-resource";
import { namespaceNeeds } from "../k8s-service";

/** What `spec.backends.linkerd` may say besides accept, install and version. */
export interface Settings {
  /** Domain of Services' names. Default `cluster.local`. */
  readonly clusterDomain: string;
  /** Where the control plane is; part of every identity. Default `linkerd`. */
  readonly controlPlaneNamespace: string;
  /** With `install: helm`: the trust anchors' certificates (PEM). */
  readonly trustAnchors?: unknown;
}

export interface Context {
  readonly model: Model;
  readonly settings: Settings;
  /** What must exist before anything in a namespace does. */
  readonly needs: (namespace: string) => readonly string[];
}

const text = (value: unknown, byDefault: string): string => (typeof value === "string" ? value : byDefault);

export function contextOf(model: Model, controlPlane: readonly string[]): Context {
  const raw = model.backends.linkerd?.settings ?? {};
  const namespaces = namespaceNeeds(model);
  return {
    model,
    settings: {
      clusterDomain: text(raw.clusterDomain, "cluster.local"),
      controlPlaneNamespace: text(raw.controlPlaneNamespace, "linkerd"),
      ...(raw.trustAnchors === undefined ? {} : { trustAnchors: raw.trustAnchors }),
    },
    needs: (namespace) => [...namespaces(namespace), ...controlPlane],
  };
}

const apiVersions = {
  // Linkerd reads Gateway API 1.2.1 and ignores a whole resource that holds anything newer.
  HTTPRoute: "gateway.networking.k8s.io/v1",
  GRPCRoute: "gateway.networking.k8s.io/v1",
  TCPRoute: "gateway.networking.k8s.io/v1alpha2",
  TLSRoute: "gateway.networking.k8s.io/v1alpha2",
  Server: "policy.linkerd.io/v1beta3",
  AuthorizationPolicy: "policy.linkerd.io/v1alpha1",
  MeshTLSAuthentication: "policy.linkerd.io/v1alpha1",
  NetworkAuthentication: "policy.linkerd.io/v1alpha1",
  HTTPLocalRateLimitPolicy: "policy.linkerd.io/v1alpha1",
  EgressNetwork: "policy.linkerd.io/v1alpha1",
} as const;
export type LinkerdKind = keyof typeof apiVersions;

export interface LinkerdSpec {
  readonly kind: LinkerdKind;
  readonly ref: Ref;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly owner: string;
  readonly dependsOn?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One of the resources that Linkerd reads; it waits for its namespace and the control plane. */
export const linkerdResource = (context: Context, given: LinkerdSpec): PlanResource =>
  kubernetesResource(context.model, {
    apiVersion: apiVersions[given.kind],
    kind: given.kind,
    namespace: given.ref.namespace,
    name: given.ref.name,
    ...(given.annotations === undefined ? {} : { annotations: given.annotations }),
    body: { spec: given.spec },
    owner: given.owner,
    dependsOn: [...context.needs(given.ref.namespace), ...(given.dependsOn ?? [])],
  });

/**
 * The four words that Linkerd knows; anything else it would read as opaque TCP, and drop every HTTP policy. TLS has no
 * word: as opaque TCP its TLSRoutes would be dropped, so nothing is written and the proxy sees the handshake.
 */
export function appProtocolOf(port: Port): string | undefined {
  if (port.serverFirst) return "linkerd.io/opaque";
  switch (port.protocol) {
    case "http":
      return "http";
    case "http2":
    case "grpc":
      return "kubernetes.io/h2c";
    case "tcp":
      return "linkerd.io/tcp";
    case "tls":
      return undefined;
  }
}
