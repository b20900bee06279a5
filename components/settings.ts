import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { applyIgnores } from "../src/checks";
import { type Finding, hasErrors } from "../src/model/finding";
import { loadMesh } from "../src/model/parse";
import type { Backend, MeshArgs, SharedMesh } from "./args";
import { overlay, toDocument } from "./document";
import { codes, userError } from "./errors";
import { describe } from "./findings";
import { componentName, type Kind, kindNames, kinds, parseName } from "./pieces";
import type { Settle } from "./render";
import { listed, ownersDocument } from "./sharing/compile";
import { readShared } from "./sharing/import";

type Data = Readonly<Record<string, unknown>>;
const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Output.isInstance(value);

/** What a mesh says for itself: its own settings, and the pieces that its arguments and its file list. */
export interface Settings {
  readonly backend: string;
  readonly metadata: Data;
  /** The spec without the lists of pieces. */
  readonly spec: Data;
  readonly pieces: readonly ListedPiece[];
  /** What commands and paths in the document are relative to, on this host. */
  readonly directory: string;
  /** Adds file, line and column to a finding about what the file says. */
  readonly locate: (finding: Finding) => Finding;
  /** Adds that, and takes out what the file's own comments ignore. */
  readonly settle: Settle;
  /** The mesh of another stack that this one adds to. */
  readonly shared?: SharedMesh;
}
export interface ListedPiece {
  readonly kind: Kind;
  /** The component's name. */
  readonly name: string;
  readonly data: Data;
}

/** The directory that paths in a program are relative to: the project's, wherever `main` points. */
export function projectRoot(): string {
  const root = pulumi.getRootDirectory();
  return isAbsolute(root) ? root : process.cwd();
}

/** Reads a mesh's arguments and its file. Throws what is wrong with the file as a user's error. */
export function readSettings(name: string, args: MeshArgs): Settings {
  const { backend, shared, specFile, name: ownName, namespace, cost: _cost, ...inline } = args;
  if (shared !== undefined) return sharedSettings(name, shared, args);
  if (backend === undefined)
    throw userError(
      codes.unknownBackend,
      `Mesh ${name} has no backend.`,
      "Pass backend, or shared for another stack's.",
    );
  const file = specFile === undefined ? noFile() : readSpecFile(specFile);
  const metadata = overlay(file.metadata, toDocument({ name: ownName, namespace })) as Data;
  const spec = overlay(file.spec, toDocument(inline)) as Data;
  const named = { ...metadata, name: metadata.name ?? parseName(name).name };
  const { pieces, rest } = takePieces(spec, metadata.namespace);
  return { backend, metadata: named, spec: rest, pieces, ...placesIn(file) };
}

/** What only the owner of a shared mesh decides. */
const ownersSettings = ["name", "namespace", "trustDomain", "mtls", "egress", "telemetry"] as const;

/** The settings of a mesh that another stack owns, with this stack's pieces. */
function sharedSettings(name: string, given: SharedMesh, args: MeshArgs): Settings {
  const shared = readShared(given, `Mesh ${name}`, "shared");
  const { backend = shared.backend, shared: _, ...own } = args;
  const refused: string[] = ownersSettings.filter((key) => own[key] !== undefined);
  if (backend !== shared.backend) refused.push("backend");
  if (backend === "proxy")
    throw userError(
      codes.sharedHost,
      `Mesh ${name} runs on one host, as one mesh of stack ${shared.stack}.`,
      "Add the pieces to that stack's program; stacks share a mesh in a cluster or a cloud.",
    );
  const mine = readSettings(name, { ...own, backend: backend as Backend });
  const metadata = ownersDocument(shared).metadata as Data;
  refused.push(...ownersSettings.filter((key) => mine.spec[key] !== undefined && !refused.includes(key)));
  if (refused.length > 0)
    throw userError(
      codes.ownersSetting,
      `Mesh ${name} adds to the mesh of stack ${shared.stack}, which alone decides ${refused.join(", ")}.`,
      "Leave it out here, or change it there.",
    );
  const { rest } = takePieces(ownersDocument(shared).spec as Data, metadata.namespace);
  const places = placesBehind(mine, ownersDocument(shared));
  return { ...mine, ...places, metadata, spec: overlay(rest, mine.spec) as Data, shared };
}

/** In the whole document the owner's pieces of a kind come first: what is about this stack's own stands behind them. */
function placesBehind({ locate, settle }: Settings, owners: Data): Pick<Settings, "locate" | "settle"> {
  const moved = (finding: Finding, by: 1 | -1): Finding | undefined => {
    const kind = kindNames.find((each) => finding.path.startsWith(`${kinds[each].list.join(".")}[`));
    if (kind === undefined) return undefined;
    const start = `${kinds[kind].list.join(".")}[`;
    const index = Number.parseInt(finding.path.slice(start.length)) + by * listed(owners, kind).length;
    const rest = finding.path.slice(finding.path.indexOf("]"));
    return index < 0 ? undefined : { ...finding, path: `${start}${index}${rest}` };
  };
  const back = (finding: Finding): Finding => moved(finding, 1) ?? finding;
  return {
    locate: (finding) => {
      const own = moved(finding, -1);
      return own === undefined ? finding : back(locate(own));
    },
    settle: (findings) => {
      const own = findings.map((finding) => moved(finding, -1));
      const settled = settle(own.filter((finding) => finding !== undefined)).map(back);
      return [...findings.filter((_, index) => own[index] === undefined), ...settled];
    },
  };
}

/** Parts the lists of pieces from the rest. A list that is none, or has an entry that is none, stays: the loader says so. */
function takePieces(spec: Data, namespace: unknown): { pieces: ListedPiece[]; rest: Data } {
  const pieces: ListedPiece[] = [];
  let rest = spec;
  for (const kind of kindNames) {
    const [first, second] = kinds[kind].list;
    const holder = second === undefined ? rest : rest[first];
    const key = second ?? first;
    if (!isData(holder)) continue;
    const list = holder[key];
    if (!Array.isArray(list) || !list.every(isNamed)) continue;
    for (const data of list) pieces.push({ kind, name: componentName(data, namespace), data });
    const { [key]: _taken, ...others } = holder;
    rest = second === undefined ? others : { ...rest, [first]: others };
  }
  return { pieces, rest };
}

const isNamed = (entry: unknown): entry is Data => isData(entry) && typeof entry.name === "string" && entry.name !== "";

interface SpecFile extends Pick<Settings, "directory" | "locate" | "settle"> {
  readonly metadata: Data;
  readonly spec: Data;
}
const placesIn = ({ directory, locate, settle }: SpecFile) => ({ directory, locate, settle });
const noFile = (): SpecFile => ({
  directory: projectRoot(),
  metadata: {},
  spec: {},
  locate: (finding) => finding,
  settle: (findings) => findings,
});

function readSpecFile(specFile: string): SpecFile {
  const root = projectRoot();
  const path = isAbsolute(specFile) ? specFile : join(root, specFile);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw userError(codes.specFile, `specFile ${path} cannot be read (${code}).`, `Paths start at ${root}.`);
  }
  const file = relative(root, path);
  const { document, findings, ofText, locate } = loadMesh(text, { file });
  if (!isData(document)) throw unreadable(file, findings);
  if (hasErrors(ofText)) throw unreadable(file, ofText);
  const metadata = isData(document.metadata) ? document.metadata : {};
  // What the loader refuses in the rest it refuses again in the whole, where the pieces are known too.
  if (document.spec !== undefined && !isData(document.spec)) throw unreadable(file, findings);
  const spec = (document.spec ?? {}) as Data;
  const place = (finding: Finding): Finding => (isFrom(spec, finding.path) ? locate(finding) : finding);
  return {
    directory: dirname(path),
    metadata,
    spec,
    locate: place,
    settle: (findings) => applyIgnores(text, findings.map(place), file),
  };
}

const unreadable = (file: string, findings: readonly Finding[]): pulumi.ResourceError => {
  const lines = findings.map((finding) => `\n  ${describe({ finding, path: finding.path })}`).join("");
  return userError(codes.specFile, `${file} is not a mesh:${lines}`, "");
};

/** Whether a path starts in the file: its lists come first, so an index past the end belongs to a piece made elsewhere. */
function isFrom(spec: Data, path: string): boolean {
  const [, first = "", index] = /^(policies\.\w+|\w+)(?:\[(\d+)\])?/.exec(path) ?? [];
  const value = first.split(".").reduce<unknown>((at, key) => (isData(at) ? at[key] : undefined), spec);
  return index === undefined ? value !== undefined : Array.isArray(value) && Number(index) < value.length;
}
