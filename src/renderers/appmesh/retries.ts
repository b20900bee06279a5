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
export function retryPolicy(retries: Retries | undefined, timeoutMs: number, kind: "http" | "grpc"): object {
  const attempts = retries?.attempts ?? 0;
  const on = attempts === 0 ? [] : (retries?.on ?? []);
  const httpRetryEvents = [...new Set(on.flatMap((condition) => http[condition] ?? []))];
  const grpcRetryEvents = kind === "grpc" ? on.filter((condition) => grpc.includes(condition)) : [];
  const none = httpRetryEvents.length === 0 && grpcRetryEvents.length === 0;
  return {
    retryPolicy: {
      // With no condition left that App Mesh knows, nothing is retried rather than something else.
      maxRetries: none && !on.includes("connect-failure") ? 0 : attempts,
      // Envoy holds the first try to it as well, so it is never shorter than the rule allows; 0 is no limit.
      perRetryTimeout: duration((attempts > 0 ? retries?.perTryTimeoutMs : undefined) || timeoutMs),
      ...(httpRetryEvents.length > 0 && { httpRetryEvents }),
      ...(grpcRetryEvents.length > 0 && { grpcRetryEvents }),
      ...((none || on.includes("connect-failure")) && { tcpRetryEvents: ["connection-error"] }),
    },
  };
}
