interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: unknown;
}

/** Properties that a mesh without findings cannot have, or that belong to one backend. */
const left = [
  /\.clusters$/, // reserved
  /^spec\.backends\.[^.]+$/, // what a backend is asked for is the same for all; App Mesh has ended
];

/** What is the same idea at several places: the kinds of rules, of probes, of backends, both ways of headers. */
const idea = (path: string): string =>
  path
    .replace(/\.(http|grpc|tcp|tls)\[\]/g, ".rule[]")
    .replace(/\.(liveness|readiness|startup)(?=\.)/g, ".probe")
    .replace(/\.(request|response)(?=\.)/g, ".change")
    .replace(/^spec\.backends\.[^.]+\./, "spec.backend.")
    .split(".")
    .slice(-2)
    .join(".");

/** The places of the schema's Mesh where the document has nothing, each as `spec.routes[].http[].timeout`. */
export function unusedProperties(schema: object, document: unknown): string[] {
  const root = schema as Schema;
  const missing = new Set<string>();
  const used = new Set<string>();
  const mesh = root.$defs?.Mesh;
  if (!mesh) throw new Error("the schema has no Mesh");
  visit(mesh, [document], "");
  return [...missing].filter((path) => !used.has(idea(path)) && !left.some((pattern) => pattern.test(path)));

  /** `values` is everything that the document has at this place. */
  function visit(at: Schema, values: readonly unknown[], path: string): void {
    const here = values.filter((value) => value !== undefined);
    if (at.$ref) return visit(root.$defs?.[at.$ref.split("/").pop() as string] ?? {}, here, path);
    for (const branch of [...(at.anyOf ?? []), ...(at.oneOf ?? []), ...(at.allOf ?? [])]) visit(branch, here, path);
    const objects = here.filter(
      (value): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value),
    );
    for (const [name, property] of Object.entries(at.properties ?? {})) {
      const place = path === "" ? name : `${path}.${name}`;
      const found = objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name]] : []));
      if (found.length === 0) missing.add(place);
      else {
        used.add(idea(place));
        visit(property, found, place);
      }
    }
    if (typeof at.additionalProperties === "object")
      visit(
        at.additionalProperties,
        objects.flatMap((object) => Object.values(object)),
        `${path}{}`,
      );
    if (at.items) visit(at.items, here.filter(Array.isArray).flat(), `${path}[]`);
  }
}
