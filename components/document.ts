import { withoutUndefined } from "./resources/references";

/**
 * The one converter between the flat arguments and the document: the same keys, but for the few places where the
 * document offers a choice of shapes, which no schema inference accepts. What has the document's shape already
 * (a part of a mesh.yaml) passes through unchanged.
 */

type Data = Readonly<Record<string, unknown>>;
const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(Object(value)) === Object.prototype;

/** Keys whose value names something of the mesh; `shop/cart` becomes `{ name: cart, namespace: shop }`. */
const references: ReadonlySet<string> = new Set(["service", "gateway", "services"]);
/** Keys below which everything is the user's own: nothing there is renamed or rewritten. */
const verbatim: ReadonlySet<string> = new Set([
  "labels",
  "selector",
  "annotations",
  "template",
  "env",
  "set",
  "add",
  "settings",
]);

const reference = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  const [namespace, name, ...more] = value.split("/");
  return name === undefined || more.length > 0 ? value : { name, namespace };
};

/** `{ each: client }` is written `client`. */
const bucket = (value: unknown): unknown => (isData(value) && "each" in value ? value.each : value);

/** The settings that only one backend knows stand beside those that every backend has. */
function backends(value: unknown): unknown {
  if (!isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, backend]) => {
      if (!isData(backend) || !isData(backend.settings)) return [name, backend];
      const { settings, ...shared } = backend;
      return [name, { ...shared, ...(settings as Data) }];
    }),
  );
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (!isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, unknown] => {
      if (verbatim.has(key)) return [key, item];
      if (key === "by") return [key, bucket(item)];
      // `backends` is a list in a rule, and settings by name in a mesh.
      if (key === "backends" && !Array.isArray(item)) return [key, backends(item)];
      if (references.has(key)) return [key, Array.isArray(item) ? item.map(reference).map(convert) : reference(item)];
      return [key, convert(item)];
    }),
  );
}

/** Arguments, of a mesh or of one piece, as they stand in the document. */
export const toDocument = (args: object): Data => convert(withoutUndefined({ ...args })) as Data;

const lists = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** `above` laid over `below`: objects by key, lists one after the other, anything else from above. */
export function overlay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  const [first, second] = [lists(below), lists(above)];
  if (first !== undefined && second !== undefined) return [...first, ...second];
  if (!isData(below) || !isData(above)) return above;
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(keys.map((key) => [key, overlay(below[key], above[key])]));
}
