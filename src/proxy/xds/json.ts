/** The JSON reader: plain values to typed messages, driven by the table. What is not understood is an error with its path. */
import { ErrorList } from "./errors";
import type { JsonObject, JsonValue, Messages, ReadResult } from "./messages";
import { Place } from "./place";
import { brokenRule } from "./rules";
import { describe, expected, readDuration, readScalar, Refused } from "./scalars";
import { allAtOnce, type Steps } from "./steps";
import { enumNamed, messageNamed, type Field, type Message, type Rules } from "./table";

const unsupported = "field is not in the supported subset";
const typeUrl = "type.googleapis.com/";
/** Messages in a list above which they are read one a step. */
const inOneStep = 16;
/** Most lists and maps of a large configuration are empty: they share one. */
const noItems: readonly unknown[] = Object.freeze([]);
const noEntries: ReadonlyMap<string, unknown> = new Map();

/** Reads a value as one supported message, by its full name. */
export function readMessage<Name extends keyof Messages>(name: Name, value: unknown): ReadResult<Messages[Name]> {
  const errors = new ErrorList();
  const message = allAtOnce(readSteps(name, value, errors));
  return errors.items.length > 0 ? { ok: false, errors: errors.items } : { ok: true, value: message };
}

/**
 * As readMessage, collecting errors; the result is meaningful only while `errors` stayed empty. The messages of long lists
 * are read after all else, with a rest between two.
 */
export function* readSteps<Name extends keyof Messages>(
  name: Name,
  value: unknown,
  errors: ErrorList,
): Steps<Messages[Name]> {
  const message = messageNamed(name);
  if (!message) throw new Error(`${name} is not in the table`);
  const reader = new Reader(errors);
  const result = reader.message(message, value, Place.root, undefined);
  while (reader.goOn()) yield;
  return result as Messages[Name];
}

type Plain = Record<string, unknown>;

/** A list of messages that is still to be read, from `at` on. */
interface Deferred {
  readonly field: Field;
  readonly values: readonly unknown[];
  readonly result: unknown[];
  readonly place: Place;
  readonly carries: readonly string[] | undefined;
  at: number;
}

class Reader {
  private readonly deferred: Deferred[] = [];

  constructor(private readonly errors: ErrorList) {}

  /** Reads one message more of what waits; false when nothing does. */
  goOn(): boolean {
    const list = this.deferred.at(-1);
    if (list === undefined) return false;
    const { field, values, result, place, carries } = list;
    const at = list.at++;
    if (list.at >= values.length) this.deferred.pop();
    result[at] = this.one(field, values[at], place, at, field.rules?.items, carries);
    return true;
  }

  message(message: Message, value: unknown, place: Place, carries: readonly string[] | undefined): unknown {
    if (!isObject(value)) return this.refuse(place, expected("an object", value));
    const given = this.givenFields(message, value, place);
    const result: Plain = {};
    if (message.oneofs.length > 0) this.oneofs(message, given, place);
    const { fields } = message;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as Field;
      if (field.kind === undefined) continue;
      if (given[i] !== undefined) result[field.name] = this.field(field, given[i], place, carries);
      else {
        if (field.rules?.required && field.oneof === undefined) this.errors.add(place.at(field.name), "must be set");
        if (!field.presence) {
          result[field.name] = this.zero(field, place);
          this.listRules(field.rules, 0, place, field.name);
        }
      }
    }
    return result;
  }

  /** What is given, by the field's index; `null` is "not set", except for a google.protobuf.Value. */
  private givenFields(message: Message, value: Plain, place: Place): readonly unknown[] {
    const given = new Array<unknown>(message.fields.length).fill(undefined);
    for (const key of Object.keys(value)) {
      if (key === "@type") continue;
      const index = message.indices.get(key);
      if (index === undefined) {
        this.errors.add(place.at(key), `no such field in ${message.name}`);
        continue;
      }
      const field = message.fields[index] as Field;
      const item = value[key];
      if (given[index] !== undefined)
        this.errors.add(place.at(key), `duplicate: ${field.name} is given in both spellings`);
      else if (item !== undefined && (item !== null || field.kind === "value")) {
        given[index] = item;
        if (field.kind === undefined) this.errors.add(place.at(key), unsupported);
      }
    }
    return given;
  }

  private oneofs({ oneofs, fields }: Message, given: readonly unknown[], place: Place): void {
    for (let index = 0; index < oneofs.length; index++) {
      let count = 0;
      for (let i = 0; i < fields.length; i++)
        if (given[i] !== undefined && (fields[i] as Field).oneof === index) count++;
      if (count === 1 || (count === 0 && !oneofs[index]?.required)) continue;
      const { name } = oneofs[index] as Message["oneofs"][number];
      const members = fields.filter((f) => f.oneof === index);
      if (count > 1) {
        const set = members.filter((f) => given[fields.indexOf(f)] !== undefined).map((f) => f.name);
        this.errors.add(place, `only one of ${name} may be set, found ${set.join(" and ")}`);
      } else if (!fields.some((f, i) => given[i] !== undefined && f.kind === undefined)) {
        const choices = members.filter((f) => f.kind).map((f) => f.name);
        this.errors.add(place, `${name} is required: set ${choices.join(" or ")}`);
      }
    }
  }

  private field(field: Field, value: unknown, place: Place, carries: readonly string[] | undefined): unknown {
    if (field.shape === undefined) return this.one(field, value, place, field.name, field.rules, carries);
    const own = place.at(field.name);
    if (field.shape === "list") {
      if (!Array.isArray(value)) return this.refuse(own, expected("a list", value));
      this.listRules(field.rules, value.length, place, field.name);
      if (field.kind === "message" && value.length > inOneStep) {
        const result = new Array<unknown>(value.length).fill(undefined);
        this.deferred.push({ field, values: value, result, place: own, carries, at: 0 });
        return result;
      }
      return value.map((item, i) => this.one(field, item, own, i, field.rules?.items, carries));
    }
    if (!isObject(value)) return this.refuse(own, expected("an object", value));
    const entries = Object.entries(value);
    this.listRules(field.rules, entries.length, place, field.name);
    return new Map(
      entries.map(([key, item]) => {
        const quoted = JSON.stringify(key);
        if (field.rules?.keys) this.rule(field.rules.keys, key, own, quoted);
        return [key, this.one(field, item, own, quoted, field.rules?.items, carries)];
      }),
    );
  }

  /** One value: at `key` of `place`. */
  private one(
    field: Field,
    value: unknown,
    place: Place,
    key: string | number,
    rules: Rules | undefined,
    carries: readonly string[] | undefined,
  ): unknown {
    const kind = field.kind;
    switch (kind) {
      case "message":
        return this.message(messageNamed(field.of as string) as Message, value, place.at(key), field.carries);
      case "any":
        return this.any(value, place.at(key), field.carries ?? carries ?? []);
      case "enum":
        return this.enumeration(field, value, place, key, rules);
      case "struct":
        return isObject(value)
          ? this.json(value, place.at(key), 0)
          : this.refuse(place.at(key), expected("an object", value));
      case "value":
        return this.json(value, place.at(key), 0);
      case "empty":
        return this.empty(value, place.at(key));
      case "duration":
        return this.checked(readDuration(value), place, key, rules);
      case undefined:
        return undefined;
      default:
        return this.scalar(field, readScalar(kind, value), place, key, rules);
    }
  }

  private empty(value: unknown, place: Place): unknown {
    if (!isObject(value)) return this.refuse(place, expected("an empty object", value));
    for (const key of Object.keys(value)) this.errors.add(place.at(key), "no such field in google.protobuf.Empty");
    return {};
  }

  private scalar(field: Field, value: unknown, place: Place, key: string | number, rules: Rules | undefined): unknown {
    if (field.values && !(value instanceof Refused) && !field.values.includes(String(value)))
      return this.refuse(
        place.at(key),
        new Refused(`${describe(value)} is not in the supported subset (${field.values.join(", ")})`),
      );
    return this.checked(value, place, key, rules);
  }

  private any(value: unknown, place: Place, carries: readonly string[]): unknown {
    if (!isObject(value)) return this.refuse(place, expected("an object", value));
    const url = value["@type"];
    if (typeof url !== "string") return this.refuse(place, new Refused('"@type" is missing'));
    const name = url.startsWith(typeUrl) ? url.slice(typeUrl.length) : undefined;
    if (name === undefined)
      return this.refuse(place, new Refused(`"@type" must begin with ${typeUrl}, found ${describe(url)}`));
    const message = carries.includes(name) ? messageNamed(name) : undefined;
    if (!message) {
      const known = carries.map((c) => c.split(".").at(-1)).join(", ");
      return this.refuse(place, new Refused(`${name} is not in the supported subset here (${known})`));
    }
    const read = this.message(message, value, place, undefined);
    return isObject(read) ? { "@type": name, ...read } : read;
  }

  private enumeration(
    field: Field,
    value: unknown,
    place: Place,
    key: string | number,
    rules: Rules | undefined,
  ): unknown {
    const known = enumNamed(field.of as string);
    const number = typeof value === "string" ? known.byName.get(value) : typeof value === "number" ? value : undefined;
    const name = number === undefined ? undefined : known.byNumber.get(number);
    if (number === undefined || name === undefined) {
      const names = field.values ?? [...known.byName.keys()];
      const shown = names.length > 12 ? `a value of ${field.of}` : names.join(", ");
      return this.refuse(place.at(key), expected(`one of ${shown}`.replace("one of a value", "a value"), value));
    }
    return this.enumValue(field, name, number, place, key, rules);
  }

  private enumValue(
    field: Field,
    name: string,
    number: number,
    place: Place,
    key: string | number,
    rules: Rules | undefined,
  ): unknown {
    if (rules?.not_in?.includes(number)) return this.refuse(place.at(key), new Refused(`must not be ${name}`));
    if (field.values && !field.values.includes(name))
      return this.refuse(
        place.at(key),
        new Refused(`${name} is not in the supported subset (${field.values.join(", ")})`),
      );
    return name;
  }

  private json(value: unknown, place: Place, depth: number): JsonValue {
    if (depth > 100) return this.refuse(place, new Refused("nested too deep")) ?? null;
    if (Array.isArray(value)) return value.map((item, i) => this.json(item, place.at(i), depth + 1));
    if (isObject(value)) {
      const object: Record<string, JsonValue> = Object.create(null);
      for (const [key, item] of Object.entries(value))
        object[key] = this.json(item, place.at(JSON.stringify(key)), depth + 1);
      return object as JsonObject;
    }
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.refuse(place, expected("a JSON value", value)) ?? null;
  }

  /** What a field without presence is when nothing was given; an enum's zero may be unsupported. */
  private zero(field: Field, place: Place): unknown {
    if (field.shape === "list") return noItems;
    if (field.shape === "map") return noEntries;
    if (field.kind === "enum") {
      const name = enumNamed(field.of as string).byNumber.get(0) as string;
      return this.enumValue(field, name, 0, place, field.name, field.rules);
    }
    const zero =
      field.kind === "bool" ? false : field.kind === "string" ? "" : field.kind === "bytes" ? new Uint8Array() : 0;
    return this.checked(zero, place, field.name, field.rules);
  }

  private checked(value: unknown, place: Place, key: string | number, rules: Rules | undefined): unknown {
    if (value instanceof Refused) return this.refuse(place.at(key), value);
    if (rules) this.rule(rules, value, place, key);
    return value;
  }

  private rule(rules: Rules, value: unknown, place: Place, key: string | number): void {
    const broken = brokenRule(rules, value);
    if (broken !== undefined) this.errors.add(place.at(key), broken);
  }

  private listRules(rules: Rules | undefined, length: number, place: Place, key: string): void {
    if (rules === undefined) return;
    const { min_items: min, max_items: max } = rules;
    if (min !== undefined && length < min)
      this.errors.add(place.at(key), `must have at least ${min} ${min === 1 ? "entry" : "entries"}`);
    if (max !== undefined && length > max) this.errors.add(place.at(key), `must have at most ${max} entries`);
  }

  private refuse(place: Place, refused: Refused): undefined {
    this.errors.add(place, refused.reason);
    return undefined;
  }
}

function isObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
