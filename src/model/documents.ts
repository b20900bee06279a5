import { finding } from "./codes";
import type { Finding } from "./finding";
import type { Segment } from "./path";
import { API_VERSION } from "./schema/mesh";
import { didYouMean } from "./suggest";

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where each kind of separate document goes in the Mesh's spec. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  MeshService: ["services"],
  MeshRoute: ["routes"],
  MeshGateway: ["gateways"],
  ExternalService: ["externalServices"],
  MtlsPolicy: ["policies", "mtls"],
  AuthorizationPolicy: ["policies", "authorization"],
  JwtPolicy: ["policies", "jwt"],
};
const KINDS = ["Mesh", ...Object.keys(LISTS)];

/** A place in one of the documents. */
export interface Origin {
  readonly document: number;
  readonly path: readonly Segment[];
}
export interface Assembled {
  /** One Mesh document, or undefined if there is none to speak of. */
  readonly document?: unknown;
  readonly findings: readonly (Finding & { readonly origin?: Origin })[];
  /** From a place in the one document (relative to spec) to where it was written. */
  origin(path: readonly Segment[]): Origin;
}

/** Joins separate documents (MeshService, MeshRoute, …) into the one Mesh among them. */
export function assemble(documents: readonly unknown[]): Assembled {
  const findings: (Finding & { readonly origin?: Origin })[] = [];
  const written = documents.flatMap((document, index) => (document == null ? [] : [{ document, index }]));
  if (written.length === 0) {
    const remedy = `Begin with apiVersion: ${API_VERSION}, kind: Mesh, metadata and spec.`;
    return {
      findings: [finding("MESH0001", "", "the file is empty", remedy)],
      origin: (path) => ({ document: 0, path }),
    };
  }
  const meshes: { document: unknown; index: number }[] = [];
  const pieces: { document: Plain; index: number; list: readonly string[] }[] = [];
  for (const { document, index } of written) {
    const problem = header(document);
    if (problem !== undefined)
      findings.push({ ...problem, origin: { document: index, path: [problem.path].filter(Boolean) } });
    else if ((document as Plain)["kind"] === "Mesh") meshes.push({ document, index });
    else pieces.push({ document: document as Plain, index, list: LISTS[(document as Plain)["kind"] as string] ?? [] });
  }
  const [mesh, second] = meshes;
  if (second !== undefined) {
    const message = `${meshes.length} documents of kind Mesh`;
    findings.push({
      ...finding("MESH0007", "kind", message, "Keep one Mesh; the rest can be MeshService, MeshRoute and so on."),
      origin: { document: second.index, path: ["kind"] },
    });
  }
  if (mesh === undefined) {
    if (findings.length === 0) {
      const remedy = `Add a document with apiVersion: ${API_VERSION}, kind: Mesh and metadata.name.`;
      findings.push(finding("MESH0007", "kind", "no document of kind Mesh", remedy));
    }
    return { findings, origin: (path) => ({ document: 0, path }) };
  }
  return join(mesh, pieces, findings);
}

/** apiVersion and kind are read first: nothing is said about the rest of what may be another tool's file. */
function header(document: unknown): Finding | undefined {
  if (!isPlain(document)) {
    return finding(
      "MESH0012",
      "",
      "expected a document with apiVersion, kind, metadata and spec",
      "See examples/mesh-up/mesh.yaml.",
    );
  }
  const { apiVersion, kind } = document;
  if (apiVersion === undefined) {
    return finding("MESH0011", "apiVersion", "apiVersion is missing", `Add apiVersion: ${API_VERSION}.`);
  }
  if (apiVersion !== API_VERSION) {
    const ours = typeof apiVersion === "string" && apiVersion.startsWith("meshup/");
    return finding(
      "MESH0005",
      "apiVersion",
      `apiVersion ${text(apiVersion)} is not read by this release, which reads ${API_VERSION}`,
      ours
        ? `Use the release of meshup that wrote it, or rewrite it as ${API_VERSION}.`
        : `Write apiVersion: ${API_VERSION}; other tools' files are not read as a mesh.`,
    );
  }
  if (kind === undefined) return finding("MESH0011", "kind", "kind is missing", "Add kind: Mesh.");
  if (typeof kind !== "string" || !KINDS.includes(kind)) {
    return finding("MESH0006", "kind", `kind ${text(kind)} is not one of MeshUp's`, didYouMean(text(kind), KINDS));
  }
  return undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : String(JSON.stringify(value)));

function join(
  mesh: { document: unknown; index: number },
  pieces: readonly { document: Plain; index: number; list: readonly string[] }[],
  findings: (Finding & { readonly origin?: Origin })[],
): Assembled {
  const document = mesh.document as Plain;
  const spec: Plain = isPlain(document["spec"]) ? { ...document["spec"] } : {};
  /** `routes[5]` of the one document, as a text, to the piece's place. */
  const origins = new Map<string, number>();
  const joinable = document["spec"] == null || isPlain(document["spec"]);
  for (const { document: piece, index, list } of joinable ? pieces : []) {
    for (const key of Object.keys(piece)) {
      if (["apiVersion", "kind", "metadata", "spec"].includes(key)) continue;
      findings.push({
        ...finding("MESH0010", key, `unknown key ${key}`, didYouMean(key, ["metadata", "spec"])),
        origin: { document: index, path: [key] },
      });
    }
    const entry = entryOf(piece, index, findings);
    if (entry === undefined) continue;
    const items = listAt(spec, list);
    if (items === undefined) continue;
    origins.set([...list, items.length].join("/"), index);
    items.push(entry);
  }
  return {
    document: pieces.length === 0 ? document : { ...document, spec },
    findings,
    origin(path) {
      for (const depth of [2, 3]) {
        const index = origins.get(path.slice(0, depth).join("/"));
        if (index === undefined) continue;
        const rest = path.slice(depth);
        const place = rest[0] === "name" || rest[0] === "namespace" ? "metadata" : "spec";
        return { document: index, path: [place, ...rest] };
      }
      const [first] = path;
      const atRoot = typeof first === "string" && Object.hasOwn(document, first) && !Object.hasOwn(spec, first);
      return { document: mesh.index, path: atRoot ? path : ["spec", ...path] };
    },
  };
}

/** A piece as the list's entry: its spec with the name and namespace of its metadata. */
function entryOf(piece: Plain, index: number, findings: (Finding & { readonly origin?: Origin })[]): Plain | undefined {
  const { metadata, spec } = piece;
  const kind = text(piece["kind"]);
  const report = (found: Finding, path: readonly Segment[]) =>
    findings.push({ ...found, origin: { document: index, path } });
  if (!isPlain(metadata)) {
    report(finding("MESH0011", "metadata", `metadata of the ${kind} is missing`, "Add metadata: { name: … }."), [
      "metadata",
    ]);
    return undefined;
  }
  for (const key of Object.keys(metadata)) {
    if (key === "name" || key === "namespace") continue;
    const path = `metadata.${key}`;
    report(finding("MESH0010", path, `unknown key ${key}`, didYouMean(key, ["name", "namespace"])), ["metadata", key]);
  }
  if (spec != null && !isPlain(spec)) {
    report(finding("MESH0012", "spec", "expected keys and values in spec", `Write the ${kind} under spec.`), ["spec"]);
    return undefined;
  }
  for (const key of ["name", "namespace"]) {
    if (!Object.hasOwn(spec ?? {}, key)) continue;
    report(finding("MESH0010", key, `${key} belongs in metadata`, `Move it to metadata.${key}.`), ["spec", key]);
  }
  const { name, namespace } = metadata;
  return { ...spec, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The list in the spec that pieces go to, a copy of what was written; undefined if that is no list. */
function listAt(spec: Plain, path: readonly string[]): unknown[] | undefined {
  let parent = spec;
  for (const key of path.slice(0, -1)) {
    const inner = parent[key] ?? {};
    if (!isPlain(inner)) return undefined;
    parent = parent[key] = { ...inner };
  }
  const key = path.at(-1) as string;
  const list = parent[key] ?? [];
  if (!Array.isArray(list)) return undefined;
  return (parent[key] = [...(list as unknown[])]) as unknown[];
}
