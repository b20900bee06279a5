/** Typed messages back to proto3 JSON, as /config_dump shows them. Zero values are left out, secrets are redacted. */
import type { JsonValue } from "./messages";
import { messageNamed, type Field } from "./table";

const typeUrl = "type.googleapis.com/";
const redacted = "[redacted]";
/** Envoy marks these as sensitive; what is inside them is never shown, save a file's name. */
const sensitive = new Set(["envoy.extensions.transport_sockets.tls.v3.TlsCertificate.private_key"]);

/** The proto3 JSON of a message that the reader gave. */
export function writeMessage(name: string, message: object): JsonValue {
  return write(name, message as Readonly<Record<string, unknown>>, false);
}

function write(name: string, message: Readonly<Record<string, unknown>>, hide: boolean): JsonValue {
  const row = messageNamed(name);
  if (!row) throw new Error(`${name} is not in the table`);
  const json: Record<string, JsonValue> = {};
  for (const field of row.fields) {
    const value = message[field.name];
    if (value === undefined || (!field.presence && isZero(field, value))) continue;
    json[field.name] = fieldJson(field, value, hide || sensitive.has(`${name}.${field.name}`));
  }
  return json;
}

function fieldJson(field: Field, value: unknown, hide: boolean): JsonValue {
  if (field.shape === "list") return (value as unknown[]).map((item) => one(field, item, hide));
  if (field.shape === "map")
    return Object.fromEntries([...(value as Map<string, unknown>)].map(([key, item]) => [key, one(field, item, hide)]));
  return one(field, value, hide);
}

function one(field: Field, value: unknown, hide: boolean): JsonValue {
  switch (field.kind) {
    case "message":
      return write(field.of as string, value as Record<string, unknown>, hide);
    case "any": {
      const any = value as Record<string, unknown> & { readonly "@type": string };
      return { "@type": typeUrl + any["@type"], ...(write(any["@type"], any, hide) as object) };
    }
    case "duration":
      return `${decimal((value as number) / 1000)}s`;
    case "bytes":
      return hide ? redacted : Buffer.from(value as Uint8Array).toString("base64");
    case "string":
      return hide && field.name !== "filename" ? redacted : (value as string);
    case "double":
    case "float":
      return Number.isFinite(value) ? (value as number) : String(value);
    default:
      return value as JsonValue;
  }
}

function decimal(seconds: number): string {
  return seconds.toFixed(9).replace(/\.?0+$/, "");
}

function isZero(field: Field, value: unknown): boolean {
  if (field.shape === "list") return (value as unknown[]).length === 0;
  if (field.shape === "map") return (value as Map<string, unknown>).size === 0;
  if (field.kind === "bytes") return (value as Uint8Array).length === 0;
  return value === "" || value === 0 || value === false;
}
