/** The shape of the generated table (generated/table.ts), and its index by name. */
import { enums, messages } from "./generated/table";

/** protoc-gen-validate's rules, flattened; durations in milliseconds. */
export interface Rules {
  readonly required?: boolean;
  readonly const?: boolean | number | string;
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
  readonly in?: readonly (string | number)[];
  readonly not_in?: readonly (string | number)[];
  readonly min_len?: number;
  readonly max_len?: number;
  readonly min_bytes?: number;
  readonly max_bytes?: number;
  readonly prefix?: string;
  readonly pattern?: string;
  readonly well_known_regex?: string;
  readonly strict?: boolean;
  readonly ignore_empty?: boolean;
  readonly defined_only?: boolean;
  readonly min_items?: number;
  readonly max_items?: number;
  readonly unique?: boolean;
  readonly items?: Rules;
  readonly keys?: Rules;
}

export type ScalarKind = "bool" | "string" | "bytes" | "double" | "float" | "int32" | "uint32" | "int64" | "uint64";
export type Kind = ScalarKind | "enum" | "message" | "duration" | "struct" | "value" | "empty" | "any";

export interface FieldOptions {
  /** Absent: one value. */
  readonly shape?: "list" | "map";
  /** "Not set" differs from the zero value. */
  readonly presence?: boolean;
  /** The full name of the enum or message. */
  readonly of?: string;
  /** The only values supported, of an enum or a bool. */
  readonly values?: readonly string[];
  /** The messages that an Any here, or inside the message here, may carry. */
  readonly carries?: readonly string[];
  /** Index into the message's one-ofs. */
  readonly oneof?: number;
  readonly rules?: Rules;
}

/** Number and name alone: a field of Envoy's that is not supported. */
export type FieldRow =
  readonly [number: number, name: string] | readonly [number: number, name: string, kind: Kind, options: FieldOptions];

export interface MessageRow {
  readonly oneofs: readonly { readonly name: string; readonly required?: boolean }[];
  readonly fields: readonly FieldRow[];
}

export type EnumValues = Readonly<Record<string, number>>;

export interface Field extends FieldOptions {
  readonly number: number;
  readonly name: string;
  /** Absent: known to Envoy, not supported here. */
  readonly kind?: Kind;
}

export interface Message {
  readonly name: string;
  readonly oneofs: MessageRow["oneofs"];
  readonly fields: readonly Field[];
  /** Indices into `fields` by both spellings of proto3 JSON: `filter_chains` and `filterChains`. */
  readonly indices: ReadonlyMap<string, number>;
}

export interface Enum {
  readonly byName: ReadonlyMap<string, number>;
  /** The first name of each number. */
  readonly byNumber: ReadonlyMap<number, string>;
}

const messageCache = new Map<string, Message>();
const enumCache = new Map<string, Enum>();

/** The message of that full name, or undefined where the subset does not have it. */
export function messageNamed(name: string): Message | undefined {
  const known = messageCache.get(name);
  if (known) return known;
  if (!Object.hasOwn(messages, name)) return undefined;
  const row = messages[name]!;
  const fields = row.fields.map(([number, field, kind, options]): Field => ({ number, name: field, kind, ...options }));
  const indices = new Map<string, number>();
  fields.forEach((field, i) => indices.set(field.name, i).set(camelCase(field.name), i));
  const message: Message = { name, oneofs: row.oneofs, fields, indices };
  messageCache.set(name, message);
  return message;
}

export function messageNames(): readonly string[] {
  return Object.keys(messages);
}

export function enumNamed(name: string): Enum {
  const known = enumCache.get(name);
  if (known) return known;
  const byName = new Map(Object.entries(enums[name] ?? {}));
  const byNumber = new Map<number, string>();
  for (const [value, number] of byName) if (!byNumber.has(number)) byNumber.set(number, value);
  const result: Enum = { byName, byNumber };
  enumCache.set(name, result);
  return result;
}

/** protobuf's rule for JSON names: an underscore goes, the letter after it is raised. */
export function camelCase(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
