import type { Retries, RetryCondition } from "../../model/model";
import { duration } from "./units";

const http: Partial<Record<RetryCondition, string>> = {
  "5xx": "server-error",
  "gateway-error": "gateway-error",
  "retriable-4xx": "client-error",
  "refused-stream": "stream-error",
};
const grpc: readonly RetryCondition[] = [
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
];

/**
 * The retry policy, always written: left out, App Mesh retries by its own account-dependent default. It asks for at
 * least one event, so that no retries is `maxRetries: 0` on connection errors.
 */
export function retryPolicy(retries: Retries, timeoutMs: number, kind: "http" | "grpc"): object {
  const on = retries.attempts === 0 ? [] : retries.on;
  const httpRetryEvents = [...new Set(on.flatMap((condition) => http[condition] ?? []))];
  const grpcRetryEvents = kind === "grpc" ? on.filter((condition) => grpc.includes(condition)) : [];
  const connection = on.includes("connect-failure") || (httpRetryEvents.length === 0 && grpcRetryEvents.length === 0);
  // perRetryTimeout is required and has no "none": the request's own timeout, or App Mesh's 15 s, is the bound.
  const perTry = retries.perTryTimeoutMs || timeoutMs || 15_000;
  return {
    retryPolicy: {
      maxRetries: retries.attempts,
      perRetryTimeout: duration(perTry),
      ...(httpRetryEvents.length > 0 && { httpRetryEvents }),
      ...(grpcRetryEvents.length > 0 && { grpcRetryEvents }),
      ...(connection && { tcpRetryEvents: ["connection-error"] }),
    },
  };
}
