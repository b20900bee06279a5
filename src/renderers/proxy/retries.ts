import type { Retries } from "../../model/model";
import { duration, extension, type Message, present } from "./envoy";

/**
 * Picks of another host before a retry settles for one that has failed already. A host that fails fast has the fewest
 * requests, so of two hosts least-request picks it three times in four: a few picks would not be enough.
 */
const RESELECTIONS = 30;

/** A retry goes to a host that this request has not tried, where there is one. Undefined where nothing is retried. */
export function retryPolicy(retries: Retries): Message | undefined {
  if (retries.attempts === 0) return undefined;
  return present({
    retry_on: [...retries.on, ...(retries.statuses.length > 0 ? ["retriable-status-codes"] : [])].join(","),
    num_retries: retries.attempts,
    per_try_timeout: retries.perTryTimeoutMs > 0 ? duration(retries.perTryTimeoutMs) : undefined,
    retriable_status_codes: retries.statuses.length > 0 ? retries.statuses : undefined,
    retry_back_off: {
      base_interval: duration(retries.backoff.baseMs),
      max_interval: duration(retries.backoff.maxMs),
    },
    retry_host_predicate: [
      extension("envoy.retry_host_predicates.previous_hosts", "retry.host.previous_hosts.v3.PreviousHostsPredicate"),
    ],
    host_selection_retry_max_attempts: RESELECTIONS,
  });
}
