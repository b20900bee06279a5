import type { Fraction } from "../core/fraction";
import type { Random } from "../core/random";
import type { HeaderList } from "../core/header-list";
import type { StringTest } from "./matchers";

/** What a route is chosen by. */
export interface RouteInput {
  readonly method: string;
  readonly authority: string;
  readonly scheme: string;
  /** Path without query, and the query without `?` (empty when there is none). */
  readonly pathname: string;
  readonly query: string;
  readonly headers: HeaderList;
}

/** One condition of a route beside its path; all must hold. */
export interface RouteCondition {
  holds(input: RouteInput): boolean;
}

/**
 * Fields that Envoy joins as they come in. Of any other it asks each value by itself, so that a value cannot hide behind
 * another one.
 */
const joinedNames: ReadonlySet<string> = new Set([
  ":method",
  ":authority",
  ":path",
  ":scheme",
  "host",
  "accept-encoding",
  "authorization",
  "cache-control",
  "content-type",
  "cookie",
  "expect",
  "grpc-timeout",
  "origin",
  "te",
  "user-agent",
  "via",
  "x-forwarded-client-cert",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-id",
]);

/** Envoy's HeaderMatcher. Pseudo-headers `:method`, `:authority`, `:path` and `:scheme` are seen as headers. */
export class HeaderCondition implements RouteCondition {
  private readonly joined: boolean;

  constructor(
    private readonly name: string,
    /** Undefined: the header is present. */
    private readonly value: StringTest | { readonly start: number; readonly end: number } | undefined,
    private readonly invert: boolean,
    private readonly missingAsEmpty: boolean,
    /** For `present_match: false`. */
    private readonly absent = false,
  ) {
    this.joined = joinedNames.has(name);
  }

  holds(input: RouteInput): boolean {
    return this.judge(headerValue(input, this.name), input.headers);
  }

  /** Of a response. */
  holdsIn(headers: HeaderList, status: number): boolean {
    return this.judge(this.name === ":status" ? String(status) : headers.lookup(this.name), headers);
  }

  private judge(value: string | undefined, headers: HeaderList): boolean {
    if (this.value === undefined) return ((value !== undefined) !== this.absent) !== this.invert;
    if (value === undefined) {
      // A missing header matches nothing, inverted or not, unless it is to be seen as empty.
      if (!this.missingAsEmpty) return false;
      value = "";
    }
    // A comma may come from two fields; only then is it worth looking at each.
    const one = this.joined || !value.includes(",");
    const matched = one ? this.test(value) : headers.all(this.name).some((v) => this.test(v));
    return matched !== this.invert;
  }

  private test(value: string): boolean {
    const wanted = this.value as StringTest | { readonly start: number; readonly end: number };
    return "test" in wanted ? wanted.test(value) : inRange(value, wanted.start, wanted.end);
  }
}

export function headerValue(input: RouteInput, name: string): string | undefined {
  switch (name) {
    case ":method":
      return input.method;
    case ":authority":
    case "host":
      return input.authority;
    case ":path":
      return input.query === "" ? input.pathname : `${input.pathname}?${input.query}`;
    case ":scheme":
      return input.scheme;
    default:
      return input.headers.lookup(name);
  }
}

/** Half-open, as Envoy's Int64Range. */
function inRange(value: string, start: number, end: number): boolean {
  const digits = /^([+-]?)0*(\d{1,15})$/.exec(value);
  if (digits === null) return false;
  const n = Number(`${digits[1]}${digits[2]}`);
  return n >= start && n < end;
}

/** Envoy's QueryParameterMatcher: the first value of the name counts. */
export class QueryCondition implements RouteCondition {
  constructor(
    private readonly name: string,
    private readonly value: StringTest | undefined,
    private readonly absent = false,
  ) {}

  holds(input: RouteInput): boolean {
    const found = queryValue(input.query, this.name);
    if (this.value === undefined) return (found !== undefined) !== this.absent;
    return found !== undefined && this.value.test(found);
  }
}

/** The first value of a query parameter, undecoded as in Envoy's matcher. */
export function queryValue(query: string, name: string): string | undefined {
  for (let at = 0; at < query.length;) {
    let end = query.indexOf("&", at);
    if (end < 0) end = query.length;
    const eq = query.indexOf("=", at);
    const keyEnd = eq < 0 || eq > end ? end : eq;
    if (keyEnd - at === name.length && query.startsWith(name, at))
      return keyEnd === end ? "" : query.slice(keyEnd + 1, end);
    at = end + 1;
  }
  return undefined;
}

/** `grpc: {}`: content-type is application/grpc, or that with a suffix. */
export class GrpcCondition implements RouteCondition {
  holds(input: RouteInput): boolean {
    const type = input.headers.lookup("content-type");
    return type !== undefined && /^application\/grpc(\+|$)/.test(type);
  }
}

/** A share of requests, by chance. */
export class ShareCondition implements RouteCondition {
  constructor(
    private readonly share: Fraction,
    private readonly random: Random,
  ) {}
  holds(): boolean {
    return this.share.holds(this.random);
  }
}
