import type { HeaderList } from "../core/header-list";
import type { HeaderCondition, RouteInput } from "./conditions";

/** Conditions of `retry_on`, as bits. */
export const enum RetryOn {
  None = 0,
  FiveXx = 1 << 0,
  GatewayError = 1 << 1,
  Reset = 1 << 2,
  ConnectFailure = 1 << 3,
  Retriable4xx = 1 << 4,
  RefusedStream = 1 << 5,
  RetriableStatusCodes = 1 << 6,
  RetriableHeaders = 1 << 7,
  ResetBeforeRequest = 1 << 8,
  EnvoyRateLimited = 1 << 9,
  GrpcCancelled = 1 << 10,
  GrpcDeadlineExceeded = 1 << 11,
  GrpcResourceExhausted = 1 << 12,
  GrpcUnavailable = 1 << 13,
  GrpcInternal = 1 << 14,
  /** Set by the compiler where answers below 400 may ask for another try. */
  AnyStatus = 1 << 15,
}

/** Conditions by the status that gRPC tells in a field of its response's head. */
const grpcConditions: ReadonlyMap<string, RetryOn> = new Map([
  ["1", RetryOn.GrpcCancelled],
  ["4", RetryOn.GrpcDeadlineExceeded],
  ["8", RetryOn.GrpcResourceExhausted],
  ["13", RetryOn.GrpcInternal],
  ["14", RetryOn.GrpcUnavailable],
]);
const grpcBits = [...grpcConditions.values()].reduce((all, bit) => all | bit, 0);

const conditions: ReadonlyMap<string, RetryOn> = new Map([
  ["5xx", RetryOn.FiveXx],
  ["gateway-error", RetryOn.GatewayError],
  ["reset", RetryOn.Reset],
  ["connect-failure", RetryOn.ConnectFailure],
  ["retriable-4xx", RetryOn.Retriable4xx],
  ["refused-stream", RetryOn.RefusedStream],
  ["retriable-status-codes", RetryOn.RetriableStatusCodes],
  ["retriable-headers", RetryOn.RetriableHeaders],
  ["reset-before-request", RetryOn.ResetBeforeRequest],
  ["envoy-ratelimited", RetryOn.EnvoyRateLimited],
  ["cancelled", RetryOn.GrpcCancelled],
  ["deadline-exceeded", RetryOn.GrpcDeadlineExceeded],
  ["resource-exhausted", RetryOn.GrpcResourceExhausted],
  ["unavailable", RetryOn.GrpcUnavailable],
  ["internal", RetryOn.GrpcInternal],
]);

/** Bits of a comma-separated `retry_on`, and the words that are none of its conditions. */
export function parseRetryOn(text: string): { readonly bits: number; readonly unknown: readonly string[] } {
  let bits = 0;
  const unknown: string[] = [];
  for (const word of text.split(",").map((w) => w.trim())) {
    const bit = conditions.get(word);
    if (bit !== undefined) bits |= bit;
    else if (word !== "") unknown.push(word);
  }
  return { bits, unknown };
}

/** A field of a response that says how long to wait. */
export interface ResetHeader {
  /** Lower case. */
  readonly name: string;
  /** A number of seconds, or a time in seconds since 1970. */
  readonly format: "SECONDS" | "UNIX_TIMESTAMP";
}

/** When and how often a request is tried again. */
export interface RetryPolicy {
  readonly on: number;
  /** Tries after the first. */
  readonly numRetries: number;
  /** Milliseconds for one try; 0: only the request's own timeout. */
  readonly perTryTimeout: number;
  /** Milliseconds for which one try may be silent in both directions; 0: for ever. */
  readonly perTryIdleTimeout: number;
  /** Milliseconds: the n-th back-off is random below (2ⁿ⁻¹) × base, at most max. */
  readonly backOffBase: number;
  readonly backOffMax: number;
  readonly statusCodes: readonly number[];
  /** Responses that one of these holds for are retriable (`retriable-headers`). */
  readonly responseHeaders: readonly HeaderCondition[];
  /** Only requests that one of these holds for are tried again; none: all. */
  readonly requestHeaders: readonly HeaderCondition[];
  /** The first of these that a retriable response has says how long to wait, up to `resetMax` milliseconds. */
  readonly resetHeaders: readonly ResetHeader[];
  readonly resetMax: number;
  /** A retry looks for a host that was not tried, at most this many times. */
  readonly hostSelectionAttempts: number;
  readonly avoidPreviousHosts: boolean;
}

/** Conditions as `on` wants them: with what else follows from a policy. */
export function retryBits(bits: number, statusCodes: readonly number[]): number {
  const low = (bits & RetryOn.RetriableStatusCodes) !== 0 && statusCodes.some((code) => code < 400);
  const any = bits & (RetryOn.RetriableHeaders | RetryOn.EnvoyRateLimited | grpcBits);
  return low || any !== 0 ? bits | RetryOn.AnyStatus : bits;
}

/** The policy as it is for a request: one that it is not for is tried once, with the same timeouts. */
export function policyFor(policy: RetryPolicy | undefined, request: RouteInput): RetryPolicy | undefined {
  if (policy === undefined || policy.requestHeaders.length === 0) return policy;
  return policy.requestHeaders.some((condition) => condition.holds(request)) ? policy : { ...policy, on: 0 };
}

/** True when a response asks for another try. */
export function retriableResponse(policy: RetryPolicy, status: number, headers: HeaderList): boolean {
  const { on } = policy;
  if (status < 400 && (on & RetryOn.AnyStatus) === 0) return false;
  // From another proxy's rate limit: only who says so asks again.
  if (headers.lookup("x-envoy-ratelimited") !== undefined) return (on & RetryOn.EnvoyRateLimited) !== 0;
  if ((on & RetryOn.FiveXx) !== 0 && status >= 500) return true;
  if ((on & RetryOn.GatewayError) !== 0 && status >= 502 && status <= 504) return true;
  if ((on & RetryOn.Retriable4xx) !== 0 && status === 409) return true;
  if ((on & RetryOn.RetriableStatusCodes) !== 0 && policy.statusCodes.includes(status)) return true;
  if ((on & RetryOn.RetriableHeaders) !== 0 && policy.responseHeaders.some((c) => c.holdsIn(headers, status)))
    return true;
  return (on & grpcBits) !== 0 && ((grpcConditions.get(headers.lookup("grpc-status") ?? "") ?? 0) & on) !== 0;
}

/** Milliseconds that a response asks to wait before another try; undefined when it does not, or for too long. */
export function resetInterval(policy: RetryPolicy, headers: HeaderList, wallMs: number): number | undefined {
  for (const { name, format } of policy.resetHeaders) {
    const value = headers.lookup(name);
    if (value === undefined || !/^\d{1,15}$/.test(value)) continue;
    const wait = format === "SECONDS" ? Number(value) * 1000 : Number(value) * 1000 - wallMs;
    if (wait > 1 && wait <= policy.resetMax) return wait;
  }
  return undefined;
}

/** Why a try gave no response. */
export const enum ResetReason {
  ConnectionFailure,
  ConnectionTermination,
  ProtocolError,
  PerTryTimeout,
  Overflow,
}

/** True when a try that ended in `reason` asks for another. */
export function retriableReset(policy: RetryPolicy, reason: ResetReason, requestSent: boolean): boolean {
  const on = policy.on;
  if (reason === ResetReason.Overflow) return false;
  if ((on & (RetryOn.FiveXx | RetryOn.GatewayError | RetryOn.Reset)) !== 0) return true;
  if ((on & RetryOn.ResetBeforeRequest) !== 0 && !requestSent) return true;
  return (on & RetryOn.ConnectFailure) !== 0 && reason === ResetReason.ConnectionFailure;
}
