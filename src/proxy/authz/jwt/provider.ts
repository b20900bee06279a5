import type { FilteredExchange } from "../../filters/filter";
import type { KeySet } from "./keys";
import type { FoundToken, Locations } from "./locations";
import { jwtStatus, type JwtStatus } from "./status";
import { judgeTimes, plainAudience, type Token } from "./token";

/** Gives the keys of a provider: its own, or fetched ones. Undefined: there is no valid key. */
export interface KeySource {
  keys(request: FilteredExchange): KeySet | undefined | Promise<KeySet | undefined | "failed">;
}

export interface ProviderConfig {
  readonly name: string;
  /** Empty: any issuer. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly locations: Locations;
  /** The token stays in the request. */
  readonly forward: boolean;
  /** Lower-case header that gets the payload; empty: none. */
  readonly payloadHeader: string;
  /** Key in the filter's metadata that gets the claims; empty: none. */
  readonly metadataKey: string;
  readonly claimHeaders: readonly { readonly header: string; readonly claim: string }[];
  readonly clockSkewSeconds: number;
  readonly requireExpiration: boolean;
  readonly keys: KeySource;
}

/** Who issues tokens, and what becomes of theirs. */
export class Provider {
  readonly config: ProviderConfig;
  private readonly audiences: ReadonlySet<string>;

  constructor(config: ProviderConfig) {
    this.config = config;
    this.audiences = new Set(config.audiences.map(plainAudience));
  }

  accepts(issuer: string): boolean {
    return this.config.issuer === "" || this.config.issuer === issuer;
  }

  /** Headers that only we may set: a client's own are removed, whatever its token says. */
  sanitize(request: FilteredExchange): void {
    const { payloadHeader, claimHeaders } = this.config;
    if (payloadHeader !== "") request.headers.delete(payloadHeader);
    for (const { header } of claimHeaders) request.headers.delete(header);
  }

  /** Times, audience, then the signature. */
  async verify(token: Token, request: FilteredExchange): Promise<JwtStatus> {
    const { config } = this;
    const now = Math.floor(request.runtime.clock.wall() / 1000);
    const times = judgeTimes(token, now, config.clockSkewSeconds);
    if (times !== jwtStatus.ok) return times;
    if (config.requireExpiration && token.expires === 0) return jwtStatus.expired;
    if (this.audiences.size > 0 && !token.audiences.some((a) => this.audiences.has(plainAudience(a))))
      return jwtStatus.wrongAudience;
    const keys = await config.keys.keys(request);
    if (keys === "failed") return jwtStatus.fetchFailed;
    return keys === undefined ? jwtStatus.noValidKeys : keys.verify(token);
  }

  /** A good token's effects on the request; `claims` collects the metadata. */
  apply(token: Token, found: FoundToken, request: FilteredExchange, claims: Record<string, unknown>): void {
    const { payloadHeader, claimHeaders, forward, metadataKey } = this.config;
    if (payloadHeader !== "") request.headers.append(payloadHeader, token.payload);
    for (const { header, claim } of claimHeaders) {
      const text = claimText(claimAt(token.claims, claim));
      if (text !== "") request.headers.append(header, text);
    }
    if (!forward) found.remove(request);
    if (metadataKey !== "") claims[metadataKey] = token.claims;
  }
}

/** A claim by name; dots lead into nested ones. */
function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  let at: unknown = claims;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** As a header carries it: primitives as text, the rest as base64 of JSON. A text that no header can carry is left out. */
function claimText(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number")
    return Number.isInteger(value) && value >= 0 ? String(BigInt(value)) : value.toFixed(6);
  if (typeof value === "string") {
    const text = Buffer.from(value, "utf8").toString("latin1");
    return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text) ? "" : text;
  }
  return value === undefined || value === null ? "" : Buffer.from(JSON.stringify(value)).toString("base64");
}
