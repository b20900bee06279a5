/** Scalars of proto3 JSON, as its specification accepts them. Each reader gives the value, or a reason why not. */
import type { ScalarKind } from "./table";

export class Refused {
  constructor(readonly reason: string) {}
}

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

export function readScalar(kind: ScalarKind, value: unknown): boolean | number | string | Uint8Array | Refused {
  switch (kind) {
    case "bool":
      return typeof value === "boolean" ? value : expected("true or false", value);
    case "string":
      if (typeof value !== "string") return expected("a string", value);
      return !/\p{Surrogate}/u.test(value) ? value : new Refused("the string is not valid Unicode");
    case "bytes":
      return readBytes(value);
    case "double":
    case "float":
      return readDouble(value);
    default:
      return readInteger(kind, value);
  }
}

/** 64-bit values become numbers: beyond 2^53 they lose their last bits, which no limit of the subset can tell. */
function readInteger(kind: "int32" | "uint32" | "int64" | "uint64", value: unknown): number | Refused {
  const [low, high] = ranges[kind] as readonly [bigint, bigint];
  let exact: bigint;
  if (typeof value === "number" && Number.isInteger(value)) exact = BigInt(value);
  else if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) exact = BigInt(value);
  else return expected("an integer", value);
  return exact < low || exact > high ? new Refused(`${exact} is out of range (${low} to ${high})`) : Number(exact);
}

function readDouble(value: unknown): number | Refused {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value);
  return expected("a number", value);
}

function readBytes(value: unknown): Uint8Array | Refused {
  if (typeof value !== "string") return expected("base64 text", value);
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return new Refused("the text is not base64");
  return Buffer.from(value, "base64");
}

const duration = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const maxSeconds = 315_576_000_000;

/** "1.5s" → 1500. */
export function readDuration(value: unknown): number | Refused {
  const m = typeof value === "string" ? duration.exec(value) : null;
  if (!m) return expected('a duration in seconds such as "1.5s"', value);
  const seconds = Number(m[2]);
  if (seconds > maxSeconds) return new Refused(`the duration is out of range (at most ${maxSeconds}s)`);
  const nanos = Number((m[3] ?? "").padEnd(9, "0"));
  const ms = seconds * 1000 + nanos / 1e6;
  // As in Envoy, whatever the field: nothing takes less than no time.
  return m[1] === "-" && ms > 0 ? new Refused(`the duration must not be negative, is -${ms} ms`) : ms;
}

export function expected(what: string, value: unknown): Refused {
  return new Refused(`expected ${what}, found ${describe(value)}`);
}

export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
