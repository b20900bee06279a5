import { jwtStatus, type JwtStatus } from "./status";

type Json = Readonly<Record<string, unknown>>;

/** A token taken apart, not verified. */
export interface Token {
  readonly text: string;
  readonly algorithm: string;
  readonly keyId: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970; 0: none. */
  readonly notBefore: number;
  readonly expires: number;
  readonly claims: Json;
  /** The middle section as it came. */
  readonly payload: string;
}

/** Algorithms that Envoy knows, and the kind of key that each takes: a key of another kind is never tried. */
export const keyTypes: ReadonlyMap<string, string> = new Map([
  ["EdDSA", "OKP"],
  ...["256", "384", "512"].flatMap((n): [string, string][] => [
    [`RS${n}`, "RSA"],
    [`PS${n}`, "RSA"],
    [`ES${n}`, "EC"],
    [`HS${n}`, "oct"],
  ]),
]);

const section = /^[A-Za-z0-9_-]+$/;

/** Takes a token apart, or says what is wrong with it. */
export function readToken(text: string): Token | JwtStatus {
  const parts = text.split(".");
  const [head = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3) return jwtStatus.badFormat;
  const header = json(head);
  if (header === undefined) return jwtStatus.badHeader;
  const { alg, kid } = header;
  if (typeof alg !== "string" || !keyTypes.has(alg)) return jwtStatus.badAlgorithm;
  const claims = json(payload);
  if (claims === undefined) return jwtStatus.badPayload;
  const { iss, aud, exp, nbf } = claims;
  const audiences = aud === undefined ? [] : Array.isArray(aud) ? aud : [aud];
  if (!audiences.every((a) => typeof a === "string")) return jwtStatus.badPayload;
  if (!optional(iss, "string") || !time(exp) || !time(nbf)) return jwtStatus.badPayload;
  if (!section.test(signature)) return jwtStatus.badSignature;
  return {
    text,
    algorithm: alg,
    keyId: typeof kid === "string" ? kid : "",
    issuer: (iss as string | undefined) ?? "",
    audiences: audiences as string[],
    notBefore: (nbf as number | undefined) ?? 0,
    expires: (exp as number | undefined) ?? 0,
    claims,
    payload,
  };
}

function json(text: string): Json | undefined {
  if (!section.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const optional = (value: unknown, type: string): boolean => value === undefined || typeof value === type;
const time = (value: unknown): boolean => value === undefined || (typeof value === "number" && value >= 0);

/** Judges the times of a token; `skew` in seconds. */
export function judgeTimes(token: Token, now: number, skew: number): JwtStatus {
  if (token.notBefore > now + skew) return jwtStatus.notYetValid;
  if (token.expires > 0 && now > token.expires + skew) return jwtStatus.expired;
  return jwtStatus.ok;
}

/** Audiences are the same with or without scheme and a slash at the end. */
export function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
