import type { Model } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import type { Context } from "./context";

const REPOSITORY = "https://helm.linkerd.io/edge";

/**
 * `install: helm`: Linkerd's own charts with the mesh-wide settings. The issuer's key never passes through here: the
 * chart reads it from the Secret `linkerd-identity-issuer`, which cert-manager (or an operator) keeps.
 */
export function controlPlane(model: Model, settings: Context["settings"]): PlanResource[] {
  const version = model.backends.linkerd?.version;
  const release = (name: string, values: object, dependsOn: readonly string[]): PlanResource => ({
    id: `Release/${name}`,
    type: "kubernetes:helm.sh/v3:Release",
    name,
    properties: {
      name,
      chart: name,
      namespace: settings.controlPlaneNamespace,
      createNamespace: true,
      repositoryOpts: { repo: REPOSITORY },
      ...(version !== undefined && { version }),
      values,
    },
    owner: "mesh",
    dependsOn,
    provider: "kubernetes",
  });
  const crds = release("linkerd-crds", {}, []);
  const tracing = model.telemetry.tracing;
  const plane = release(
    "linkerd-control-plane",
    {
      clusterDomain: settings.clusterDomain,
      identityTrustDomain: model.trustDomain,
      ...(settings.trustAnchors !== undefined && { identityTrustAnchorsPEM: settings.trustAnchors }),
      identity: { issuer: { scheme: "kubernetes.io/tls" } },
      ...(tracing?.endpoint !== undefined && {
        proxy: { tracing: { enabled: true, collector: { endpoint: tracing.endpoint } } },
      }),
    },
    [crds.id],
  );
  return [crds, plane];
}
