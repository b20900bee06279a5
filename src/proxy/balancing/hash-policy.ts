import type { HeaderList } from "../core/header-list";
import { U64 } from "./u64";
import { xxHash64 } from "./xxhash64";

/** What of a request may decide where it goes. */
export interface HashInput {
  readonly headers: HeaderList;
  /** Without its question mark. */
  readonly query: string;
  readonly clientIp: string;
  /** Both ends of the client's connection, as text: what a generated cookie is made from. */
  readonly connectionKey: string;
  /** Adds a `set-cookie` to the response. */
  addCookie(line: string): void;
}

export type HashSource =
  | { readonly kind: "header"; readonly name: string }
  | {
      readonly kind: "cookie";
      readonly name: string;
      /** Seconds; a request without the cookie gets one that lives so long, 0: for the session; undefined: none. */
      readonly ttl: number | undefined;
      readonly path: string;
      readonly attributes: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly kind: "query"; readonly name: string }
  | { readonly kind: "source_ip" };

export interface HashPolicy {
  readonly source: HashSource;
  /** With a hash at hand the policies behind this one do not count. */
  readonly terminal: boolean;
}

const one = new U64();

/** The hash of a request by a route's policies, into `out`; false when none of them has anything to say. */
export function hashRequest(policies: readonly HashPolicy[], input: HashInput, out: U64): boolean {
  let found = false;
  for (const { source, terminal } of policies) {
    if (hashSource(source, input)) {
      // Rotated, so that two equal policies do not cancel each other.
      if (found) out.rotate(1).xor(one.hi, one.lo);
      else out.copy(one);
      found = true;
    }
    if (terminal && found) break;
  }
  return found;
}

function hashSource(source: HashSource, input: HashInput): boolean {
  switch (source.kind) {
    case "header":
      return hashHeader(source.name, input.headers);
    case "cookie": {
      let value = cookie(source.name, input.headers.lookup("cookie"));
      if (value === undefined && source.ttl !== undefined) value = newCookie(source, source.ttl, input);
      if (value === undefined) return false;
      xxHash64(value, one);
      return true;
    }
    case "query": {
      const value = parameter(source.name, input.query);
      if (value === undefined) return false;
      xxHash64(value, one);
      return true;
    }
    case "source_ip":
      if (input.clientIp === "") return false;
      xxHash64(input.clientIp, one);
      return true;
  }
}

/** Repeated fields: sorted, each hash the next one's seed. */
function hashHeader(name: string, headers: HeaderList): boolean {
  const values = headers.all(name);
  if (values.length === 0) return false;
  if (values.length > 1) values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  one.set(0, 0);
  for (const value of values) xxHash64(value, one, one.hi, one.lo);
  return true;
}

function cookie(name: string, header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  for (const part of header.split(/[;,]/)) {
    const at = part.indexOf("=");
    if (at < 0 || part.slice(0, at).trim() !== name) continue;
    const value = part.slice(at + 1).trim();
    return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  }
  return undefined;
}

function newCookie(source: HashSource & { readonly kind: "cookie" }, ttl: number, input: HashInput): string {
  xxHash64(input.connectionKey, one);
  const value = one.hi.toString(16).padStart(8, "0") + one.lo.toString(16).padStart(8, "0");
  const attributes = source.attributes.map((a) => (a.value === "" ? a.name : `${a.name}=${a.value}`));
  input.addCookie(
    [
      `${source.name}="${value}"`,
      ...(ttl === 0 ? [] : [`Max-Age=${ttl}`]),
      ...(source.path === "" ? [] : [`Path=${source.path}`]),
      ...attributes,
      "HttpOnly",
    ].join("; "),
  );
  return value;
}

/** The first value of a query parameter, as it is written. */
function parameter(name: string, query: string): string | undefined {
  if (query === "") return undefined;
  for (const part of query.split("&")) {
    const at = part.indexOf("=");
    if ((at < 0 ? part : part.slice(0, at)) === name) return at < 0 ? "" : part.slice(at + 1);
  }
  return undefined;
}
