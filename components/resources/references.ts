import * as pulumi from "@pulumi/pulumi";
import { isReference, type Reference } from "../../src/plan/plan";

/** Only arrays and object literals are walked: Outputs, promises and resources pass through untouched. */
const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(Object(value)) === Object.prototype;

/** Maps every leaf that `change` answers for; leaves the rest as it is. */
function mapValues(value: unknown, change: (value: unknown) => { readonly value: unknown } | undefined): unknown {
  if (pulumi.Output.isInstance(value)) return value;
  const changed = change(value);
  if (changed !== undefined) return changed.value;
  if (Array.isArray(value)) return value.map((item) => mapValues(item, change));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(item, change)]));
}

/** Replaces every symbolic reference by the Output it means. */
export const resolveReferences = (value: unknown, resolve: (reference: Reference) => unknown): unknown =>
  mapValues(value, (item) => (isReference(item) ? { value: resolve(item) } : undefined));

/** `status.loadBalancer.ip` of a resource, as an Output. */
export function outputOf(resource: pulumi.Resource, path: string): pulumi.Output<unknown> {
  const [first = "", ...rest] = path.split(".");
  const whole = (resource as unknown as Readonly<Record<string, pulumi.Output<Data> | undefined>>)[first];
  return pulumi.output(whole as pulumi.Output<Data>).apply((value: Data) => rest.reduce<unknown>(step, value));
}
type Data = Readonly<Record<string, unknown>>;
const step = (at: unknown, key: string): unknown => (at as Data | undefined)?.[key];

/** Drops what is undefined, at any depth: an optional argument left out is a key that is not in the document. */
export function withoutUndefined(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}
