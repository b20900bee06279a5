import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";

/** What `spec.backends.gcsm` may say besides accept, install and version; each may be an Input. */
export interface Settings {
  /** Project of the mesh, by id: its name is part of every identity. */
  readonly project?: unknown;
  /** VPC network of the endpoints. Default `default`. */
  readonly network: unknown;
  /** Subnetwork of the endpoints. */
  readonly subnetwork?: unknown;
  /** Zone of the network endpoint groups. */
  readonly zone?: unknown;
}
const KEYS = ["project", "network", "subnetwork", "zone"] as const;

export function settingsOf(model: Model): Settings {
  const raw = model.backends.gcsm?.settings ?? {};
  const given = Object.fromEntries(KEYS.filter((key) => raw[key] !== undefined).map((key) => [key, raw[key]]));
  return { network: "default", ...given };
}

/** Written on every resource where it is set; else the provider's own project counts. */
export const projectOf = (model: Model): Readonly<Record<string, unknown>> => {
  const { project } = settingsOf(model);
  return project === undefined ? {} : { project };
};

export function settingFindings(model: Model): Finding[] {
  const raw = model.backends.gcsm?.settings ?? {};
  const unknown = Object.keys(raw)
    .filter((key) => !(KEYS as readonly string[]).includes(key))
    .map((key): Finding => ({
      code: "MESH2320",
      level: "error",
      path: `backends.gcsm.${key}`,
      message: `gcsm has no setting ${key}`,
      remedy: `It reads ${KEYS.join(", ")}.`,
    }));
  const missing = (["project", "zone"] as const)
    .filter((key) => raw[key] === undefined && model.services.length > 0)
    .map((key): Finding => ({
      code: "MESH2321",
      level: "error",
      path: `backends.gcsm.${key}`,
      message:
        key === "project"
          ? "identities are PROJECT.svc.id.goog/ns/NAMESPACE/sa/ACCOUNT, and no project is given"
          : "network endpoint groups are zonal, and no zone is given",
      remedy: `Set spec.backends.gcsm.${key}.`,
    }));
  return [...unknown, ...missing];
}
