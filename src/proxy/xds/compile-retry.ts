import { parseRetryOn, type RetryPolicy } from "../routing/retry-policy";
import type { CompileContext } from "./compile-context";
import type { RetryPolicy as RetryMessage } from "./messages";

export function compileRetry(retry: RetryMessage, path: string, context: CompileContext): RetryPolicy {
  context.unserved(`${path}.per_try_idle_timeout`, retry.per_try_idle_timeout !== undefined);
  context.unserved(`${path}.rate_limited_retry_back_off`, retry.rate_limited_retry_back_off !== undefined);
  context.unserved(`${path}.retriable_headers`, retry.retriable_headers.length > 0);
  context.unserved(`${path}.retriable_request_headers`, retry.retriable_request_headers.length > 0);
  const { bits, unknown } = parseRetryOn(retry.retry_on);
  for (const word of unknown) context.error(`${path}.retry_on`, `'${word}' is not a retry condition`);
  const base = retry.retry_back_off?.base_interval ?? 25;
  const max = retry.retry_back_off?.max_interval ?? base * 10;
  if (max < base)
    context.error(
      `${path}.retry_back_off`,
      "retry_policy.max_interval must greater than or equal to the base_interval",
    );
  return {
    on: bits,
    numRetries: retry.num_retries ?? 1,
    perTryTimeout: retry.per_try_timeout ?? 0,
    backOffBase: Math.max(base, 1),
    backOffMax: Math.max(max, 1),
    statusCodes: retry.retriable_status_codes,
    avoidPreviousHosts: retry.retry_host_predicate.length > 0,
    hostSelectionAttempts: retry.host_selection_retry_max_attempts,
  };
}
