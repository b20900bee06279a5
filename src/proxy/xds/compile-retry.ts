import type { HeaderCondition } from "../routing/conditions";
import { parseRetryOn, retryBits, type RetryPolicy } from "../routing/retry-policy";
import type { CompileContext } from "./compile-context";
import { compileHeader } from "./compile-match";
import type { HeaderMatcher, RetryPolicy as RetryMessage } from "./messages";

/** Envoy's default for what a response may ask to wait. */
const resetMax = 300_000;

export function compileRetry(retry: RetryMessage, path: string, context: CompileContext): RetryPolicy {
  const { bits, unknown } = parseRetryOn(retry.retry_on);
  for (const word of unknown) context.error(`${path}.retry_on`, `'${word}' is not a retry condition`);
  const base = retry.retry_back_off?.base_interval ?? 25;
  const max = retry.retry_back_off?.max_interval ?? base * 10;
  if (max < base)
    context.error(
      `${path}.retry_back_off`,
      "retry_policy.max_interval must greater than or equal to the base_interval",
    );
  const headers = (field: "retriable_headers" | "retriable_request_headers"): HeaderCondition[] =>
    retry[field]
      .map((matcher: HeaderMatcher, i) => compileHeader(matcher, `${path}.${field}[${i}]`, context))
      .filter((condition) => condition !== undefined);
  const limited = retry.rate_limited_retry_back_off;
  return {
    on: retryBits(bits, retry.retriable_status_codes),
    numRetries: retry.num_retries ?? 1,
    perTryTimeout: retry.per_try_timeout ?? 0,
    perTryIdleTimeout: retry.per_try_idle_timeout ?? 0,
    backOffBase: Math.max(base, 1),
    backOffMax: Math.max(max, 1),
    statusCodes: retry.retriable_status_codes,
    responseHeaders: headers("retriable_headers"),
    requestHeaders: headers("retriable_request_headers"),
    resetHeaders: (limited?.reset_headers ?? []).map(({ name, format }) => ({ name: name.toLowerCase(), format })),
    resetMax: limited?.max_interval ?? resetMax,
    avoidPreviousHosts: retry.retry_host_predicate.length > 0,
    hostSelectionAttempts: retry.host_selection_retry_max_attempts,
  };
}
