import type { Labels, Rule } from "../../model/model";
import { annotationDuration } from "./durations";

const GRPC = ["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"];

/**
 * Retries and timeouts that are annotations of the whole resource: rules that differ in them become resources of their
 * own. Nothing is written for none, which is what Linkerd does by itself.
 */
export function annotationsOf(rule: Rule, kind: "http" | "grpc"): Labels {
  const { retries } = rule;
  const http = [
    ...(retries.on.includes("5xx") ? ["5xx"] : retries.on.includes("gateway-error") ? ["gateway-error"] : []),
    // Istio's retriable-4xx is 409 alone.
    ...(retries.on.includes("retriable-4xx") ? ["409"] : []),
    ...retries.statuses.map(String),
  ];
  const grpc = retries.on.filter((condition) => GRPC.includes(condition));
  const retried = retries.attempts > 0 && (kind === "grpc" ? grpc.length > 0 : http.length > 0);
  return {
    ...(retried && {
      [`retry.linkerd.io/${kind}`]: (kind === "grpc" ? grpc : http).join(","),
      "retry.linkerd.io/limit": String(retries.attempts),
      ...(retries.perTryTimeoutMs > 0 && { "retry.linkerd.io/timeout": annotationDuration(retries.perTryTimeoutMs) }),
    }),
    ...(kind === "grpc" && rule.timeoutMs > 0 && { "timeout.linkerd.io/request": annotationDuration(rule.timeoutMs) }),
    ...(rule.idleTimeoutMs > 0 && { "timeout.linkerd.io/idle": annotationDuration(rule.idleTimeoutMs) }),
  };
}
