import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { partsDir } from "./parts";

/** AWS's own description of an API, as botocore ships it: what each operation takes, with patterns, lengths and ranges. */
export interface ServiceModel {
  readonly metadata: { readonly serviceId: string; readonly apiVersion: string };
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
interface Member {
  readonly shape: string;
}
interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Member>>;
  readonly union?: boolean;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

const packages = (): string | undefined => {
  const lib = join(partsDir(), "venv/lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((python) => join(lib, python, "site-packages/botocore/data"))
    .find((path) => existsSync(path));
};

/** Whether botocore's models are there; where not, the suites that need them skip. */
export const botocoreIsThere = (): boolean => packages() !== undefined;

const models = new Map<string, ServiceModel>();

/** The newest model of a service: `appmesh`, `vpc-lattice`, `servicediscovery`, … */
export function serviceModel(service: string): ServiceModel {
  const known = models.get(service);
  if (known !== undefined) return known;
  const folder = join(packages() ?? "", service);
  const newest = readdirSync(folder).sort().at(-1) ?? "";
  const plain = join(folder, newest, "service-2.json");
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  const model = JSON.parse(text.toString("utf8")) as ServiceModel;
  models.set(service, model);
  return model;
}

/** What AWS would refuse of an operation's input: each with its path. */
export function inputMistakes(service: string, operation: string, input: unknown): string[] {
  const model = serviceModel(service);
  const shape = model.operations[operation]?.input?.shape;
  if (shape === undefined) return [`${service} has no operation ${operation} that takes anything`];
  const mistakes: string[] = [];
  check(model, shape, input, operation, mistakes);
  return mistakes;
}

function check(model: ServiceModel, name: string, value: unknown, path: string, mistakes: string[]): void {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`${path}: the model lacks the shape ${name}`);
  const say = (what: string): void => void mistakes.push(`${path}: ${what}`);
  switch (shape.type) {
    case "structure":
      return checkStructure(model, shape, value, path, mistakes);
    case "list":
      if (!Array.isArray(value)) return say("is no list");
      range(shape, value.length, " entries", say);
      value.forEach((item, i) => check(model, shape.member?.shape ?? "", item, `${path}[${i}]`, mistakes));
      return;
    case "map":
      if (!isTree(value)) return say("is no map");
      range(shape, Object.keys(value).length, " entries", say);
      for (const [key, item] of Object.entries(value)) {
        check(model, shape.key?.shape ?? "", key, `${path}[key ${key}]`, mistakes);
        check(model, shape.value?.shape ?? "", item, `${path}.${key}`, mistakes);
      }
      return;
    case "string":
      if (typeof value !== "string") return say(`is ${typeof value}, not text`);
      range(shape, [...value].length, " characters", say);
      if (shape.enum !== undefined && !shape.enum.includes(value)) say(`${value} is none of ${shape.enum.join(", ")}`);
      if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`).test(value))
        say(`${JSON.stringify(value)} does not match ${shape.pattern}`);
      return;
    case "integer":
    case "long":
      if (!Number.isSafeInteger(value)) return say(`${String(value)} is no whole number`);
      if (shape.type === "integer" && Math.abs(value as number) > 2 ** 31 - 1) say(`${String(value)} has over 32 bits`);
      return range(shape, value as number, "", say);
    case "boolean":
      if (typeof value !== "boolean") say("is neither true nor false");
      return;
    default:
      throw new Error(`${path}: no check for the type ${shape.type}`);
  }
}

function checkStructure(model: ServiceModel, shape: Shape, value: unknown, path: string, mistakes: string[]): void {
  if (!isTree(value)) return void mistakes.push(`${path}: is no object`);
  const members = shape.members ?? {};
  for (const required of shape.required ?? [])
    if (value[required] === undefined) mistakes.push(`${path}: ${required} is missing`);
  if (shape.union === true && Object.keys(value).length !== 1) mistakes.push(`${path}: takes exactly one member`);
  for (const [key, item] of Object.entries(value)) {
    const member = members[key];
    if (member === undefined) mistakes.push(`${path}: has no member ${key}`);
    else check(model, member.shape, item, `${path}.${key}`, mistakes);
  }
}

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

function range(shape: Shape, size: number, unit: string, say: (what: string) => void): void {
  if (shape.min !== undefined && size < shape.min) say(`${size}${unit} is less than ${shape.min}`);
  if (shape.max !== undefined && size > shape.max) say(`${size}${unit} is more than ${shape.max}`);
}
