import { type Given, reading, UNKNOWN } from "../src/facts";

/** What Pulumi hands to a policy, of a resource or of each of a stack. */
export interface PulumiResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** A resource as facts read it: what Pulumi refuses to show in a preview is marked, and looked past. */
export const givenOf = ({ type, name, urn, props }: PulumiResource): Given => ({
  id: urn,
  type,
  name,
  properties: reading.fields(copy(props)),
});

/** Only these have facts: a stack of five thousand buckets is none of a mesh's business. */
export const concerns = ({ type }: PulumiResource): boolean =>
  /^(kubernetes:(?!helm\.sh\/|yaml:|kustomize:)|aws:(appmesh|vpclattice|acmpca)\/|gcp:(networksecurity|networkservices|compute|certificateauthority)\/|pulumi-nodejs:dynamic\/meshup:)/.test(
    type,
  );

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => seen(value, i));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, seen(value, key)]));
}
/** Pulumi throws at the touch of an unknown value. */
function seen(holder: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = (holder as Record<string | number, unknown>)[key];
  } catch {
    return UNKNOWN;
  }
  return copy(value);
}
