import type { Finding } from "../../model/finding";
import type { BackendName, Model } from "../../model/model";
import { isOpaque } from "../../model/schema/fields";
import { finding } from "./findings";

/** What `spec.backends.istio` may say besides accept, install and version. */
export interface Settings {
  /** Domain of Services' names. Default `cluster.local`. */
  readonly clusterDomain: string;
  /** Where the control plane is. Default `istio-system`. */
  readonly rootNamespace: string;
  /** Revision whose injector takes the pods (`istio.io/rev`). Absent: the default one (`istio-injection`). */
  readonly revision?: string;
  /** Google Cloud: the project of the fleet. */
  readonly project?: unknown;
  /** Google Cloud: the GKE cluster's resource link; with it the fleet's feature and membership are rendered. */
  readonly cluster?: unknown;
  /** Google Cloud: name of the membership. Default: the mesh's name. */
  readonly membership?: unknown;
  /** Google Cloud: location of the membership. Default `global`. */
  readonly location?: unknown;
}

const TEXT = ["clusterDomain", "rootNamespace", "revision"] as const;
const LEAVES = ["project", "cluster", "membership", "location"] as const;

const textOr = <T>(value: unknown, byDefault: T): string | T => (typeof value === "string" ? value : byDefault);

export function settingsOf(model: Model, backend: BackendName): Settings {
  const raw = model.backends[backend]?.settings ?? {};
  const revision = textOr(raw.revision, undefined);
  return {
    ...Object.fromEntries(LEAVES.filter((key) => raw[key] !== undefined).map((key) => [key, raw[key]])),
    clusterDomain: textOr(raw.clusterDomain, "cluster.local"),
    rootNamespace: textOr(raw.rootNamespace, "istio-system"),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** A setting that nothing reads is a mistake, not a wish. */
export function settingFindings(model: Model, backend: BackendName): Finding[] {
  const leaves: readonly string[] = backend === "istio-managed-csm" ? LEAVES : [];
  const known: readonly string[] = [...TEXT, ...leaves];
  return Object.entries(model.backends[backend]?.settings ?? {}).flatMap(([key, value]): Finding[] => {
    const path = `backends[${JSON.stringify(backend)}].${key}`.replace('["istio"]', ".istio");
    if (!known.includes(key)) {
      return [finding("MESH2110", path, `${backend} has no setting ${key}`, `It reads ${known.join(", ")}.`)];
    }
    if (typeof value === "string" || (leaves.includes(key) && isOpaque(value))) return [];
    return [finding("MESH2110", path, `${key} must be text`, "Write it as text.")];
  });
}
