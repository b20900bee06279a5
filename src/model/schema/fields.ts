import { z } from "zod";
import type { Leaf, Opaque } from "../model";
import { CPU, DURATION, MEMORY, PERCENT } from "../units";

/** A Pulumi Output or a promise: known only at deployment, passed on untouched. */
export function isOpaque(value: unknown): value is Opaque {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as { readonly apply?: unknown; readonly then?: unknown };
  return typeof candidate.apply === "function" || typeof candidate.then === "function";
}

/** Text, or a value known only at deployment. */
export const leaf = z
  .custom<Leaf<string>>((value) => typeof value === "string" || isOpaque(value), {
    error: "expected text (or an Output)",
  })
  .meta({ type: "string" });

/** Any plain data, with opaque leaves inside. */
export const anything = z.unknown();

const show = (value: unknown): string =>
  typeof value === "string" ? value || '""' : JSON.stringify(value).replaceAll('"', "").replaceAll(",", ", ");

/** An optional field. `meaning` says what it means and what zero does; the default is quoted from defaults.ts. */
export function optional<S extends z.ZodType>(schema: S, meaning: string, byDefault?: unknown): z.ZodOptional<S> {
  const text = byDefault === undefined ? `${meaning}.` : `${meaning}; default ${show(byDefault)}.`;
  return schema.optional().describe(text);
}

/** A field that must be there. */
export const required = <S extends z.ZodType>(schema: S, meaning: string): S => schema.describe(`${meaning}.`);

/** A Kubernetes name (RFC 1123 label or subdomain), which every backend takes. */
export const name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "expected a name: lower-case letters, digits, - and ., as in cart-v1");
export const dnsLabel = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "expected a name: lower-case letters, digits and -, as in cart-v1");
/** A DNS name, possibly with a wildcard as its first label. */
export const hostname = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/,
    "expected a host name, as in shop.example or *.shop.example",
  );
export const text = z.string().min(1, "expected some text");
export const labels = z.record(z.string(), z.string());
export const port = z.int().min(1).max(65535);
export const count = z.int().min(0).max(2_147_483_647);
export const positive = z.int().min(1).max(2_147_483_647);
export const duration = z.string().regex(DURATION, "expected a duration with its unit: 500ms, 1s, 1.5s or 1h30m");
export const percent = z.union(
  [z.number().min(0).max(100), z.string().regex(PERCENT, "expected a percentage from 0% to 100%")],
  { error: "expected a percentage: 20% or 20" },
);
export const memory = z.union([count, z.string().regex(MEMORY, "expected a size: 128Mi, 1Gi or a number of bytes")], {
  error: "expected a size: 128Mi, 1Gi or a number of bytes",
});
export const cpu = z.union(
  [z.number().min(0).max(1_000_000), z.string().regex(CPU, "expected an amount of cpu: 250m, 0.5 or 2")],
  { error: "expected an amount of cpu: 250m, 0.5 or 2" },
);
export const httpMethod = z
  .string()
  .max(32)
  .regex(/^[A-Z][A-Z0-9-]*$/, "expected an HTTP method in capitals: GET, POST, …");
export const headerName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "expected the name of a header");
export const urlPath = z.string().max(4096).regex(/^\//, "expected a path that starts with /");
export const status = z.int().min(100).max(599);
export const regex = z.string().min(1).max(1024);

export const mtlsMode = z.enum(["STRICT", "PERMISSIVE", "DISABLE"]);
export const tlsVersion = z.enum(["1.2", "1.3"]);
/** `cart`, or `{ name: cart, namespace: shop }`. A bare name is looked up in the namespace of what refers to it, then in the mesh's, then anywhere. */
export const reference = z.union([name, z.strictObject({ name, namespace: dnsLabel.optional() })], {
  error: "expected a name, or { name, namespace }",
});
export const namespaceField = (what: string) =>
  optional(dnsLabel, `Kubernetes namespace of the ${what}`, "metadata.namespace of the Mesh");
