import type { RateLimit } from "../../model/model";
import { duration, extension, type Message } from "./envoy";

const always: Message = { default_value: { numerator: 100, denominator: "HUNDRED" } };
/** Envoy refuses a fill interval below 50 ms. */
const MIN_FILL_MS = 50;

/** `requests` each `perMs`, refilled in the smallest steps that Envoy takes, holding at most `burst`. */
function bucket(limit: RateLimit): Message {
  const steps = Math.max(1, Math.min(limit.requests, Math.floor(limit.perMs / MIN_FILL_MS)));
  const even = limit.requests % steps === 0 ? steps : 1;
  return {
    max_tokens: Math.max(1, limit.burst),
    tokens_per_fill: limit.requests / even,
    fill_interval: duration(limit.perMs / even),
  };
}

/** The bucket that a limit's requests draw from; Envoy keys them by descriptor entries. */
function descriptor(limit: RateLimit): { readonly entry: Message; readonly action: Message } | undefined {
  if (limit.by === undefined) return undefined;
  const { kind, name, value } = limit.by;
  const valued = value === undefined ? {} : { value };
  const header = (headerName: string) => ({
    entry: { key: kind, ...valued },
    action: { request_headers: { header_name: headerName, descriptor_key: kind } },
  });
  switch (kind) {
    case "header":
      return header(name ?? "");
    case "path":
      return header(":path");
    case "method":
      return header(":method");
    case "client":
      return { entry: { key: "remote_address", ...valued }, action: { remote_address: {} } };
  }
}

/** A keyed limit leaves requests outside its key alone, so its own bucket for them never runs dry. */
const OPEN: Message = { max_tokens: 4_294_967_295, tokens_per_fill: 4_294_967_295, fill_interval: "1s" };

/** Limits at the server, one filter each, so that every one of them must agree. */
export const rateLimitFilters = (limits: readonly RateLimit[]): Message[] =>
  limits.map((limit) => {
    const by = descriptor(limit);
    return extension("envoy.filters.http.local_ratelimit", "filters.http.local_ratelimit.v3.LocalRateLimit", {
      stat_prefix: limit.name,
      status: { code: limit.status },
      filter_enabled: always,
      filter_enforced: always,
      token_bucket: by === undefined ? bucket(limit) : OPEN,
      ...(by === undefined
        ? {}
        : {
            descriptors: [{ entries: [by.entry], token_bucket: bucket(limit) }],
            rate_limits: [{ actions: [by.action] }],
          }),
    });
  });
