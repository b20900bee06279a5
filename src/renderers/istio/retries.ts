import type { Retries } from "../../model/model";
import { DEFAULTS } from "../../model/defaults";
import { formatDuration, parseDuration } from "../../model/units";
import { defined } from "../k8s-resource";

/** Istio retries twice where nothing is said, so "never" is written out. */
export const NO_RETRIES = { attempts: 0 };

/** Envoy's own base is our default; saying it would only keep out Istio before 1.25, which has no field for it. */
const usualBase = parseDuration(DEFAULTS.retries.backoffBase);

export function httpRetry(retries: Retries): Readonly<Record<string, unknown>> {
  const on = [...retries.on, ...retries.statuses];
  // An empty retryOn would be Istio's own list, not nothing.
  if (retries.attempts === 0 || on.length === 0) return NO_RETRIES;
  return defined({
    attempts: retries.attempts,
    perTryTimeout: retries.perTryTimeoutMs > 0 ? formatDuration(retries.perTryTimeoutMs) : undefined,
    retryOn: on.join(","),
    backoff: retries.backoff.baseMs === usualBase ? undefined : formatDuration(Math.max(1, retries.backoff.baseMs)),
  });
}
