/** Envoy's LocalRateLimit and the actions that give a request its descriptors. */
import { Fraction } from "../core/fraction";
import {
  Descriptor,
  newBucket,
  type BucketSpec,
  type DescriptorAction,
  type RateLimitConfig,
} from "../filters/local-rate-limit";
import { headerValue, type HeaderCondition } from "../routing/conditions";
import type { CompileContext } from "./compile-context";
import { compileFraction } from "./compile-fraction";
import { mutations } from "./compile-headers";
import { compileHeader } from "./compile-match";
import { enumNamed } from "./table";
import type { LocalRateLimit, RateLimit, RateLimitAction, TokenBucket } from "./messages";

const tooManyRequests = 429;
/** Envoy refuses a bucket that is filled more often. */
const shortestFill = 50;

/** The configuration without the actions, which may be a virtual host's. */
export function compileRateLimit(
  config: LocalRateLimit,
  path: string,
  context: CompileContext,
): Omit<RateLimitConfig, "actions"> {
  const bucket = config.token_bucket && bucketSpec(config.token_bucket, `${path}.token_bucket`, context);
  const status = config.status && enumNamed("envoy.type.v3.StatusCode").byName.get(config.status.code);
  const seen = new Set<string>();
  const descriptors = config.descriptors.map(({ entries, token_bucket: own }, i) => {
    const at = `${path}.descriptors[${i}]`;
    const key = JSON.stringify(entries);
    if (seen.has(key)) context.error(at, "duplicate descriptor in the local rate descriptor");
    seen.add(key);
    return new Descriptor(
      entries.map((e) => [e.key, e.value] as const),
      bucketSpec(own, `${at}.token_bucket`, context),
    );
  });
  const never = new Fraction(0, 100);
  return {
    // Envoy takes a status below 400 for none.
    status: status === undefined || status < 400 ? tooManyRequests : status,
    enabled: compileFraction(config.filter_enabled?.default_value) ?? never,
    enforced: compileFraction(config.filter_enforced?.default_value) ?? never,
    bucket: bucket && newBucket(bucket),
    descriptors,
    responseHeaders: mutations(config.response_headers_to_add, [], `${path}.response_headers_to_add`, context),
  };
}

function bucketSpec(bucket: TokenBucket, path: string, context: CompileContext): BucketSpec {
  if (bucket.fill_interval < shortestFill)
    context.error(`${path}.fill_interval`, "local rate limit token bucket fill timer must be >= 50ms");
  return {
    maxTokens: bucket.max_tokens,
    tokensPerFill: bucket.tokens_per_fill ?? 1,
    fillInterval: Math.max(bucket.fill_interval, 1),
  };
}

export function compileActions(
  limits: readonly RateLimit[],
  path: string,
  context: CompileContext,
): (readonly DescriptorAction[])[] {
  return limits.map(({ actions }, i) =>
    actions.map((a, j) => compileAction(a, `${path}[${i}].actions[${j}]`, context)).filter((a) => a !== undefined),
  );
}

function compileAction(action: RateLimitAction, path: string, context: CompileContext): DescriptorAction | undefined {
  const { request_headers: named, generic_key: generic, remote_address: remote, header_value_match: match } = action;
  if (named !== undefined) {
    const header = named.header_name.toLowerCase();
    return {
      entry: (request) => {
        const value = headerValue(request, header);
        if (value === undefined) return named.skip_if_absent ? "skip" : undefined;
        return [named.descriptor_key, value];
      },
    };
  }
  if (generic !== undefined) {
    const key = generic.descriptor_key === "" ? "generic_key" : generic.descriptor_key;
    return { entry: () => [key, generic.descriptor_value] };
  }
  if (remote !== undefined) return { entry: (request) => ["remote_address", request.clientIp] };
  if (match !== undefined) {
    const conditions = match.headers
      .map((h, i) => compileHeader(h, `${path}.header_value_match.headers[${i}]`, context))
      .filter((c): c is HeaderCondition => c !== undefined);
    const key = match.descriptor_key === "" ? "header_match" : match.descriptor_key;
    const expected = match.expect_match !== false;
    return {
      entry: (request) =>
        conditions.every((c) => c.holds(request)) === expected ? [key, match.descriptor_value] : undefined,
    };
  }
  context.error(path, "names no action");
  return undefined;
}
