import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { type Document, isNode, LineCounter, parseAllDocuments } from "yaml";
import { type Given, reading, resourcesOf, UNKNOWN } from "../facts";
import type { Finding } from "../model/finding";
import { UsageError } from "./io";

/** Where in which file a resource stands. */
interface Place {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** Keys to the resource in its document: of an item of a List, of a resource of a Pulumi program. */
  readonly keys: readonly (string | number)[];
}
export interface Manifests {
  readonly given: readonly Given[];
  /** Mesh files among them, which say everything about a mesh. */
  readonly meshFiles: readonly string[];
  /** What could not be read. */
  readonly findings: readonly Finding[];
  /** Line and column of a resource's field, or of the nearest thing around it. */
  readonly locate: (resource: string, field: string) => Pick<Finding, "file" | "line" | "column">;
}

/** Reads a file, or every YAML and JSON file below a directory: manifests, Pulumi YAML programs, mesh files. */
export function readManifests(path: string): Manifests {
  const given: Given[] = [];
  const meshFiles: string[] = [];
  const findings: Finding[] = [];
  const places = new Map<string, Place>();
  const add = (made: Given, id: string, place: Place): void => {
    // Two resources of one name in two files are two resources.
    let unique = id;
    for (let n = 2; places.has(unique); n++) unique = `${id} (${n})`;
    places.set(unique, place);
    given.push({ ...made, id: unique });
  };
  for (const file of filesBelow(path)) {
    const lines = new LineCounter();
    for (const document of parseAllDocuments(readFileSync(file, "utf8"), { lineCounter: lines, merge: true })) {
      const [problem] = document.errors;
      if (problem) {
        const at = lines.linePos(problem.pos[0]);
        findings.push({
          code: "MESH6900",
          level: "error",
          path: "",
          message: `This is no YAML: ${problem.message.split("\n")[0] ?? ""}`,
          remedy: "Correct it; documents are kept apart by a line of ---.",
          file,
          line: at.line,
          column: at.col,
        });
        continue;
      }
      const object: unknown = document.toJS({ maxAliasCount: 1000 });
      if (!reading.isFields(object)) continue;
      if (reading.text(object.apiVersion)?.startsWith("meshup/")) {
        if (!meshFiles.includes(file)) meshFiles.push(file);
        continue;
      }
      for (const { made, keys } of resourcesIn(object))
        add(made, resourcesOf(made)[0]?.id ?? "", { file, document, lines, keys });
    }
  }
  const locate: Manifests["locate"] = (resource, field) => {
    const place = places.get(resource);
    if (!place) return {};
    const { file, document, lines, keys } = place;
    const way: (string | number)[] = [...keys, ...keysOf(field)];
    for (; way.length >= 0; way.pop()) {
      const node = way.length === 0 ? document.contents : document.getIn(way, true);
      if (isNode(node) && node.range) {
        const at = lines.linePos(node.range[0]);
        return { file, line: at.line, column: at.col };
      }
      if (way.length === 0) break;
    }
    return { file, line: 1, column: 1 };
  };
  return { given, meshFiles, findings, locate };
}

const keysOf = (field: string): (string | number)[] =>
  [...field.matchAll(/([^.[\]]+)/g)].map(([, key = ""]) => (/^\d+$/.test(key) ? Number(key) : key));

/** What one document holds: a manifest, a List of them, or the resources of a Pulumi program. */
function resourcesIn(object: reading.Fields): { readonly made: Given; readonly keys: readonly (string | number)[] }[] {
  if (typeof object.kind === "string") {
    if (!object.kind.endsWith("List") || !Array.isArray(object.items))
      return [{ made: { properties: object }, keys: [] }];
    return object.items.flatMap((item: unknown, i) =>
      reading.isFields(item) ? [{ made: { properties: item }, keys: ["items", i] }] : [],
    );
  }
  return Object.entries(reading.fields(object.resources)).flatMap(([name, resource]) => {
    const type = reading.text(reading.inside(resource, "type"));
    if (type === undefined || !type.includes(":")) return [];
    const properties = reading.fields(interpolated(reading.inside(resource, "properties") ?? {}));
    return [{ made: { name, type, properties }, keys: ["resources", name, "properties"] }];
  });
}
/** `${other.arn}` is known when the program has run. */
function interpolated(value: unknown): unknown {
  if (typeof value === "string") return value.includes("${") ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(interpolated);
  if (!reading.isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item)]));
}

const read = new Set([".yaml", ".yml", ".json"]);
function filesBelow(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${path}: no such file or directory`);
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name);
      if (entry.isDirectory()) return filesBelow(below);
      return entry.isFile() && read.has(extname(entry.name)) ? [below] : [];
    });
}
