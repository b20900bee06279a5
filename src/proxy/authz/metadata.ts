import type { StringTest } from "../routing/matchers";
import type { Metadata } from "../filters/filter";

/** A test of one JSON value. */
export interface ValueTest {
  test(value: unknown): boolean;
}

/** Envoy's ValueMatcher, one member of its one-of. */
export const valueTests = {
  string: (text: StringTest): ValueTest => ({ test: (value) => typeof value === "string" && text.test(value) }),
  bool: (wanted: boolean): ValueTest => ({ test: (value) => value === wanted }),
  /** Null counts as absent. */
  present: (wanted: boolean): ValueTest => ({ test: (value) => (value !== undefined && value !== null) === wanted }),
  oneOf: (item: ValueTest): ValueTest => ({ test: (value) => Array.isArray(value) && value.some((v) => item.test(v)) }),
};

/** Envoy's MetadataMatcher: a value by namespace and path. */
export class MetadataTest {
  constructor(
    private readonly namespace: string,
    private readonly path: readonly string[],
    private readonly value: ValueTest,
    private readonly invert: boolean,
  ) {}

  test(metadata: Metadata | undefined): boolean {
    let at: unknown = own(metadata, this.namespace);
    for (const key of this.path) at = own(at, key);
    return this.value.test(at) !== this.invert;
  }
}

/** What the object itself holds under `key`: claims come from the wire, so no inherited name counts. */
function own(holder: unknown, key: string): unknown {
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) return undefined;
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}
