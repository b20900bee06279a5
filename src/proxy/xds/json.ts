/** The JSON reader: plain values to typed messages, driven by the table. What is not understood is an error with its path. */
import { element, entry, ErrorList, member } from "./errors";
import type { JsonObject, JsonValue, Messages, ReadResult } from "./messages";
import { brokenRule } from "./rules";
import { describe, expected, readDuration, readScalar, Refused } from "./scalars";
import { enumNamed, messageNamed, type Field, type Message, type Rules } from "./table";

const unsupported = "field is not in the supported subset";
const typeUrl = "type.googleapis.com/";

/** Reads a value as one supported message, by its full name. */
export function readMessage<Name extends keyof Messages>(name: Name, value: unknown): ReadResult<Messages[Name]> {
  const errors = new ErrorList();
  const message = readInto(name, value, "", errors);
  return errors.items.length > 0 ? { ok: false, errors: errors.items } : { ok: true, value: message as Messages[Name] };
}

/** As readMessage, collecting errors under a path. The result is meaningful only while `errors` stayed empty. */
export function readInto(name: string, value: unknown, path: string, errors: ErrorList): unknown {
  const message = messageNamed(name);
  if (!message) throw new Error(`${name} is not in the table`);
  return new Reader(errors).message(message, value, path, undefined);
}

type Plain = Record<string, unknown>;

class Reader {
  constructor(private readonly errors: ErrorList) {}

  message(message: Message, value: unknown, path: string, carries: readonly string[] | undefined): unknown {
    if (!isObject(value)) return this.refuse(path, expected("an object", value));
    const given = this.givenFields(message, value, path);
    const result: Plain = {};
    this.oneofs(message, given, path);
    for (const field of message.fields) {
      if (field.kind === undefined) continue;
      const at = member(path, field.name);
      const present = given.get(field);
      if (present !== undefined) result[field.name] = this.field(field, present, at, carries);
      else {
        if (field.rules?.required && field.oneof === undefined) this.errors.add(at, "must be set");
        if (!field.presence) {
          result[field.name] = this.zero(field, at);
          this.listRules(field.rules, 0, at);
        }
      }
    }
    return result;
  }

  /** The fields set, by the table's row; `null` is "not set", except for a google.protobuf.Value. */
  private givenFields(message: Message, value: Plain, path: string): Map<Field, unknown> {
    const given = new Map<Field, unknown>();
    for (const [key, item] of Object.entries(value)) {
      if (key === "@type") continue;
      const field = message.byName.get(key);
      if (!field) this.errors.add(member(path, key), `no such field in ${message.name}`);
      else if (given.has(field))
        this.errors.add(member(path, key), `duplicate: ${field.name} is given in both spellings`);
      else if (item !== null || field.kind === "value") {
        given.set(field, item);
        if (field.kind === undefined) this.errors.add(member(path, key), unsupported);
      }
    }
    return given;
  }

  private oneofs(message: Message, given: ReadonlyMap<Field, unknown>, path: string): void {
    message.oneofs.forEach((oneof, index) => {
      const members = [...given.keys()].filter((f) => f.oneof === index).map((f) => f.name);
      if (members.length > 1)
        this.errors.add(path, `only one of ${oneof.name} may be set, found ${members.join(" and ")}`);
      if (members.length > 0 || !oneof.required) return;
      if ([...given.keys()].some((f) => f.kind === undefined)) return;
      const choices = message.fields.filter((f) => f.kind && f.oneof === index).map((f) => f.name);
      this.errors.add(path, `${oneof.name} is required: set ${choices.join(" or ")}`);
    });
  }

  private field(field: Field, value: unknown, path: string, carries: readonly string[] | undefined): unknown {
    if (field.shape === "list") {
      if (!Array.isArray(value)) return this.refuse(path, expected("a list", value));
      this.listRules(field.rules, value.length, path);
      return value.map((item, i) => this.one(field, item, element(path, i), field.rules?.items, carries));
    }
    if (field.shape === "map") {
      if (!isObject(value)) return this.refuse(path, expected("an object", value));
      const entries = Object.entries(value);
      this.listRules(field.rules, entries.length, path);
      return new Map(
        entries.map(([key, item]) => {
          const at = entry(path, key);
          if (field.rules?.keys) this.rule(field.rules.keys, key, at);
          return [key, this.one(field, item, at, field.rules?.items, carries)];
        }),
      );
    }
    return this.one(field, value, path, field.rules, carries);
  }

  private one(
    field: Field,
    value: unknown,
    path: string,
    rules: Rules | undefined,
    carries: readonly string[] | undefined,
  ): unknown {
    const kind = field.kind;
    switch (kind) {
      case "message":
        return this.message(messageNamed(field.of as string) as Message, value, path, field.carries);
      case "any":
        return this.any(value, path, field.carries ?? carries ?? []);
      case "enum":
        return this.enumeration(field, value, path, rules);
      case "struct":
        return isObject(value) ? this.json(value, path, 0) : this.refuse(path, expected("an object", value));
      case "value":
        return this.json(value, path, 0);
      case "empty":
        if (!isObject(value)) return this.refuse(path, expected("an empty object", value));
        for (const key of Object.keys(value))
          this.errors.add(member(path, key), "no such field in google.protobuf.Empty");
        return {};
      case "duration":
        return this.checked(readDuration(value), path, rules);
      case undefined:
        return undefined;
      default:
        return this.scalar(field, readScalar(kind, value), path, rules);
    }
  }

  private scalar(field: Field, value: unknown, path: string, rules: Rules | undefined): unknown {
    if (field.values && !(value instanceof Refused) && !field.values.includes(String(value)))
      return this.refuse(
        path,
        new Refused(`${describe(value)} is not in the supported subset (${field.values.join(", ")})`),
      );
    return this.checked(value, path, rules);
  }

  private any(value: unknown, path: string, carries: readonly string[]): unknown {
    if (!isObject(value)) return this.refuse(path, expected("an object", value));
    const url = value["@type"];
    if (typeof url !== "string") return this.refuse(path, new Refused('"@type" is missing'));
    const name = url.startsWith(typeUrl) ? url.slice(typeUrl.length) : undefined;
    if (name === undefined)
      return this.refuse(path, new Refused(`"@type" must begin with ${typeUrl}, found ${describe(url)}`));
    const message = carries.includes(name) ? messageNamed(name) : undefined;
    if (!message) {
      const known = carries.map((c) => c.split(".").at(-1)).join(", ");
      return this.refuse(path, new Refused(`${name} is not in the supported subset here (${known})`));
    }
    const read = this.message(message, value, path, undefined);
    return isObject(read) ? { "@type": name, ...read } : read;
  }

  private enumeration(field: Field, value: unknown, path: string, rules: Rules | undefined): unknown {
    const known = enumNamed(field.of as string);
    const number = typeof value === "string" ? known.byName.get(value) : typeof value === "number" ? value : undefined;
    const name = number === undefined ? undefined : known.byNumber.get(number);
    if (number === undefined || name === undefined) {
      const names = field.values ?? [...known.byName.keys()];
      const shown = names.length > 12 ? `a value of ${field.of}` : names.join(", ");
      return this.refuse(path, expected(`one of ${shown}`.replace("one of a value", "a value"), value));
    }
    return this.enumValue(field, name, number, path, rules);
  }

  private enumValue(field: Field, name: string, number: number, path: string, rules: Rules | undefined): unknown {
    if (rules?.not_in?.includes(number)) return this.refuse(path, new Refused(`must not be ${name}`));
    if (field.values && !field.values.includes(name))
      return this.refuse(path, new Refused(`${name} is not in the supported subset (${field.values.join(", ")})`));
    return name;
  }

  private json(value: unknown, path: string, depth: number): JsonValue {
    if (depth > 100) return this.refuse(path, new Refused("nested too deep")) ?? null;
    if (Array.isArray(value)) return value.map((item, i) => this.json(item, element(path, i), depth + 1));
    if (isObject(value)) {
      const object: Record<string, JsonValue> = Object.create(null);
      for (const [key, item] of Object.entries(value)) object[key] = this.json(item, entry(path, key), depth + 1);
      return object as JsonObject;
    }
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.refuse(path, expected("a JSON value", value)) ?? null;
  }

  /** What a field without presence is when nothing was given; an enum's zero may be unsupported. */
  private zero(field: Field, path: string): unknown {
    if (field.shape === "list") return [];
    if (field.shape === "map") return new Map();
    if (field.kind === "enum") {
      const name = enumNamed(field.of as string).byNumber.get(0) as string;
      return this.enumValue(field, name, 0, path, field.rules);
    }
    const zero =
      field.kind === "bool" ? false : field.kind === "string" ? "" : field.kind === "bytes" ? new Uint8Array() : 0;
    return this.checked(zero, path, field.rules);
  }

  private checked(value: unknown, path: string, rules: Rules | undefined): unknown {
    if (value instanceof Refused) return this.refuse(path, value);
    if (rules) this.rule(rules, value, path);
    return value;
  }

  private rule(rules: Rules, value: unknown, path: string): void {
    const broken = brokenRule(rules, value);
    if (broken !== undefined) this.errors.add(path, broken);
  }

  private listRules(rules: Rules | undefined, length: number, path: string): void {
    if (rules?.min_items !== undefined && length < rules.min_items)
      this.errors.add(path, `must have at least ${rules.min_items} ${rules.min_items === 1 ? "entry" : "entries"}`);
    if (rules?.max_items !== undefined && length > rules.max_items)
      this.errors.add(path, `must have at most ${rules.max_items} entries`);
  }

  private refuse(path: string, refused: Refused): undefined {
    this.errors.add(path, refused.reason);
    return undefined;
  }
}

function isObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
