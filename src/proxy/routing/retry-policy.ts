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
}

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

/** When and how often a request is tried again. */
export interface RetryPolicy {
  readonly on: number;
  /** Tries after the first. */
  readonly numRetries: number;
  /** Milliseconds for one try; 0: only the request's own timeout. */
  readonly perTryTimeout: number;
  /** Milliseconds: the n-th back-off is random below (2ⁿ⁻¹) × base, at most max. */
  readonly backOffBase: number;
  readonly backOffMax: number;
  readonly statusCodes: readonly number[];
  /** A retry looks for a host that was not tried, at most this many times. */
  readonly hostSelectionAttempts: number;
  readonly avoidPreviousHosts: boolean;
}

/** True when a response of `status` asks for another try. */
export function retriableStatus(policy: RetryPolicy, status: number, rateLimited: boolean): boolean {
  const on = policy.on;
  if ((on & RetryOn.EnvoyRateLimited) !== 0 && rateLimited) return true;
  if (rateLimited) return false;
  if ((on & RetryOn.FiveXx) !== 0 && status >= 500) return true;
  if ((on & RetryOn.GatewayError) !== 0 && status >= 502 && status <= 504) return true;
  if ((on & RetryOn.Retriable4xx) !== 0 && status === 409) return true;
  return (on & RetryOn.RetriableStatusCodes) !== 0 && policy.statusCodes.includes(status);
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
