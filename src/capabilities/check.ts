import type { Finding, Level } from "../model/finding";
import type { BackendName, BackendSettings, Model } from "../model/model";
import type { Feature, Support } from "./capability";
import { lossCode, lossLevel } from "./codes";
import { featureById, table } from "./table";
import { olderThan } from "./version";

const installs = (settings: BackendSettings | undefined) => settings?.install === "helm";
const runsEnvoy = (settings: BackendSettings | undefined) => settings?.settings.engine === "envoy";

/** Whether the cell holds for this mesh's version, way of installing and engine; otherwise which of them is in the way. */
export function holds(
  support: Support,
  settings: BackendSettings | undefined,
): "yes" | "version" | "install" | "engine" {
  if (support.since && settings?.version && olderThan(settings.version, support.since)) return "version";
  if (support.needs === "install" && !installs(settings)) return "install";
  if (support.needs === "envoy" && !runsEnvoy(settings)) return "engine";
  return "yes";
}

function describe(
  feature: Feature,
  backend: BackendName,
  settings: BackendSettings | undefined,
): Omit<Finding, "path"> | undefined {
  const support = feature.on[backend];
  const name = `${feature.title} (${feature.id})`;
  const level = lossLevel[feature.kind];
  const accept = `accept the loss: spec.backends.${backend}.accept: [{ feature: ${feature.id}, reason: … }]`;
  const or = (remedy: string) => (remedy ? `${remedy} Or ${accept}` : `Leave it out, or ${accept}`);
  if (support.status === "unsupported")
    return {
      code: lossCode[feature.kind],
      level,
      message: `${backend} cannot do this: ${name}: ${support.why}`,
      remedy: or(support.instead),
    };
  const held = holds(support, settings);
  if (held === "version")
    return {
      code: "MESH2008",
      level,
      message: `${name} needs ${backend} ${support.since}; spec.backends.${backend}.version is ${settings?.version}`,
      remedy: or(`Upgrade ${backend}.`),
    };
  if (held === "install")
    return {
      code: "MESH2009",
      level,
      message: `${name} is a mesh-wide setting of ${backend} that no resource can express`,
      remedy: or(
        `Let MeshUp install it (spec.backends.${backend}.install: helm), or set it where ${backend} was installed.`,
      ),
    };
  if (held === "engine")
    return {
      code: "MESH2010",
      level,
      message: `the bundled engine does not serve this: ${name}`,
      remedy: or(
        `Run Envoy as the engine (spec.backends.${backend}.engine: envoy), or ${feature.kind === "tuning" ? "do without" : "use a protocol that it speaks: HTTP/1.1"}.`,
      ),
    };
  if (support.status === "emulated" && support.differs)
    return {
      code: "MESH2004",
      level: "info",
      message: `${backend} does this in another way: ${name}: ${support.how}; ${support.differs}`,
      remedy: "Nothing, if the difference does not matter to you.",
    };
  return undefined;
}

/**
 * Everything that the backend cannot do of what this mesh uses, at each place of use. Losses of security and routing
 * are errors, those of tuning warnings; what `spec.backends.NAME.accept` names is told as info, with its reason.
 * A feature in `acceptAll` (`meshup render --accept-losses`) is treated as accepted.
 */
export function checkCapabilities(
  model: Model,
  backend: BackendName,
  options: { acceptAll?: boolean } = {},
): readonly Finding[] {
  const settings = model.backends[backend];
  const accepted = new Map(
    (settings?.accept ?? []).filter((a) => a.reason.trim() !== "").map((a) => [a.feature, a.reason] as const),
  );
  const findings: Finding[] = [];
  const lifted = new Set<string>();
  for (const feature of table) {
    const found = describe(feature, backend, settings);
    if (!found) continue;
    const reason = accepted.get(feature.id) ?? (options.acceptAll ? "--accept-losses" : undefined);
    for (const path of feature.uses(model)) {
      if (reason !== undefined && found.code !== "MESH2004") {
        lifted.add(feature.id);
        findings.push({
          ...found,
          path,
          code: "MESH2005",
          level: "info",
          message: `${found.message}; accepted: ${reason}`,
        });
      } else findings.push({ ...found, path });
    }
  }
  return [...findings, ...checkAccepts(backend, settings, lifted)];
}

function* checkAccepts(
  backend: BackendName,
  settings: BackendSettings | undefined,
  lifted: ReadonlySet<string>,
): Iterable<Finding> {
  const level: Level = "warning";
  for (const [i, accept] of (settings?.accept ?? []).entries()) {
    const path = `backends["${backend}"].accept[${i}]`.replace(/\["(\w+)"\]/, ".$1");
    if (accept.reason.trim() === "")
      yield {
        code: "MESH2007",
        level,
        path,
        message: `The loss of ${accept.feature} is accepted without a reason, so it is not lifted`,
        remedy: "Say why the mesh can do without it: reason: …",
      };
    else if (!lifted.has(accept.feature))
      yield {
        code: "MESH2006",
        level,
        path,
        message: featureById(accept.feature)
          ? `The loss of ${accept.feature} is accepted, but this mesh loses nothing there`
          : `No feature is called ${accept.feature}`,
        remedy: featureById(accept.feature) ? "Remove the line." : "`meshup capabilities` lists the names.",
      };
  }
}
