import type { Finding } from "../../src/model";
import type { Plan } from "../../src/plan/plan";
import type { SharedMesh } from "../args";
import { codes, userError } from "../errors";
import { type Kind, kindNames, kinds, pathOf } from "../pieces";
import type { Compile, Compiled } from "../render";
import { extend } from "./extend";

type Data = Readonly<Record<string, unknown>>;

/** The owner's mesh as it was exported. */
export const ownersDocument = (shared: SharedMesh): Data => JSON.parse(shared.document) as Data;

/** Pieces of one kind in a document. */
export function listed(document: Data, kind: Kind): readonly unknown[] {
  const found = [...["spec"], ...kinds[kind].list].reduce<unknown>(
    (at, key) => (at as Data | undefined)?.[key],
    document,
  );
  return Array.isArray(found) ? found : [];
}

/** The document without its `index`-th piece of a kind. */
function without(document: Data, kind: Kind, index: number): Data {
  const rest = listed(document, kind).filter((_, at) => at !== index);
  const put = (at: Data, [key = "", ...deeper]: readonly string[]): Data => ({
    ...at,
    [key]: deeper.length === 0 ? rest : put((at[key] ?? {}) as Data, deeper),
  });
  return put(document, ["spec", ...kinds[kind].list]);
}

/**
 * Compiles a mesh that another stack owns together with what this stack adds. The Plan is this stack's share, the
 * findings are those that its pieces cause; a piece that is folded into a resource of the owner's is an error.
 */
export function compileWithOwner(shared: SharedMesh, compile: Compile): Compile {
  const owners = ownersDocument(shared);
  return (document, backend, settle) => {
    const owned = compile(owners, backend);
    if (owned.plan === undefined || owned.model === undefined) throw unreadable(shared, owned.findings);
    const { plan: ownersPlan, model } = owned;
    const names = new Set(
      kindNames.flatMap((kind) => kinds[kind].items(model).map((item) => `${kind}:${item.namespace}/${item.name}`)),
    );
    const part = (whole: Plan) => extend(ownersPlan, whole, (owner) => names.has(owner));

    const whole = compile(document, backend, settle);
    const known = new Set(owned.findings.map(keyOf));
    const findings = whole.findings.filter((finding) => !known.has(keyOf(finding)));
    if (whole.plan === undefined) return { ...whole, findings };
    const { plan, touched } = part(whole.plan);
    const touchedWithout = (kind: Kind, index: number): readonly string[] | undefined => {
      const rest = compile(without(document, kind, index), backend);
      return rest.plan === undefined ? undefined : part(rest.plan).touched;
    };
    const folded = touched.length === 0 ? [] : blame(shared, owners, document, touched, touchedWithout);
    return { ...whole, plan, findings: [...findings, ...folded] };
  };
}

const keyOf = ({ code, path, message }: Finding): string => JSON.stringify([code, path, message]);

/** One finding for each of this stack's pieces without which less of the owner's would be touched. */
function blame(
  shared: SharedMesh,
  owners: Data,
  document: Data,
  touched: readonly string[],
  touchedWithout: (kind: Kind, index: number) => readonly string[] | undefined,
): Finding[] {
  const findings: Finding[] = [];
  for (const kind of kindNames)
    for (let index = listed(owners, kind).length; index < listed(document, kind).length; index++) {
      const rest = touchedWithout(kind, index);
      const by = rest === undefined ? [] : touched.filter((id) => !rest.includes(id));
      if (by.length > 0) findings.push(folded(shared, pathOf(kind, index), by));
    }
  return findings.length > 0 ? findings : [folded(shared, "", touched)];
}

const folded = (shared: SharedMesh, path: string, ids: readonly string[]): Finding => ({
  code: codes.ownedElsewhere,
  level: "error",
  path,
  message: `on ${shared.backend} this is part of ${ids.join(", ")}, which stack ${shared.stack} owns`,
  remedy: `Put it into the program of ${shared.stack}, beside the service that it is about.`,
});

function unreadable(shared: SharedMesh, findings: Compiled["findings"]): Error {
  const lines = findings
    .filter(({ level }) => level === "error")
    .map(({ code, path, message }) => `\n  ${code} ${path}: ${message}`);
  return userError(
    codes.sharedMesh,
    `The mesh of stack ${shared.stack} cannot be read by this release of meshup:${lines.join("")}`,
    "Use the same release in both stacks.",
  );
}
