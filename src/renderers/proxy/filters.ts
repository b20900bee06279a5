import type { Cors, Fault, Filters, HeaderChange } from "../../model/model";
import { duration, extension, fraction, headerValue, type Message, present, typed } from "./envoy";

const option =
  (append_action: string) =>
  ([key, value]: [string, string]): Message => ({
    header: { key, value: headerValue(value) },
    append_action,
  });

/** Header rules of a route; `side` is the first part of Envoy's field names. */
export function headerChange(side: "request" | "response", change: HeaderChange | undefined): Message {
  if (change === undefined) return {};
  const added = [
    ...Object.entries(change.set).map(option("OVERWRITE_IF_EXISTS_OR_ADD")),
    ...Object.entries(change.add).map(option("APPEND_IF_EXISTS_OR_ADD")),
  ];
  return {
    ...(added.length > 0 ? { [`${side}_headers_to_add`]: added } : {}),
    ...(change.remove.length > 0 ? { [`${side}_headers_to_remove`]: change.remove } : {}),
  };
}

const list = (values: readonly string[]): string | undefined => (values.length > 0 ? values.join(",") : undefined);

const corsPolicy = (cors: Cors): Message =>
  typed(
    "filters.http.cors.v3.CorsPolicy",
    present({
      allow_origin_string_match: cors.allowOrigins.map((origin) =>
        origin.kind === "regex" ? { safe_regex: { regex: origin.value } } : { [origin.kind]: origin.value },
      ),
      allow_methods: list(cors.allowMethods),
      allow_headers: list(cors.allowHeaders),
      expose_headers: list(cors.exposeHeaders),
      max_age: cors.maxAgeMs === undefined ? undefined : String(Math.round(cors.maxAgeMs / 1000)),
      allow_credentials: cors.allowCredentials,
    }),
  );

const grpcCodes = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];
/** A gRPC status by name or by number. */
const grpcStatus = (status: string): number =>
  /^\d+$/.test(status) ? Number(status) : grpcCodes.indexOf(status.toUpperCase());

const faultPolicy = ({ delay, abort }: Fault): Message =>
  typed(
    "filters.http.fault.v3.HTTPFault",
    present({
      delay: delay && { fixed_delay: duration(delay.durationMs), percentage: fraction(delay.percent) },
      abort: abort && {
        ...(abort.grpcStatus === undefined
          ? { http_status: abort.status ?? 503 }
          : { grpc_status: grpcStatus(abort.grpcStatus) }),
        percentage: fraction(abort.percent),
      },
    }),
  );

const CORS = "envoy.filters.http.cors";
const FAULT = "envoy.filters.http.fault";

/** The per-route configuration of the filters that a rule asks for. */
export function perRoute(filters: Filters): Message {
  const config = {
    ...(filters.cors === undefined ? {} : { [CORS]: corsPolicy(filters.cors) }),
    ...(filters.fault === undefined ? {} : { [FAULT]: faultPolicy(filters.fault) }),
  };
  return Object.keys(config).length > 0 ? { typed_per_filter_config: config } : {};
}

/** The filters that rules configure per route, in Envoy's order: only those that some rule uses. */
export const routeFilters = (rules: readonly Filters[]): Message[] => [
  ...(rules.some((f) => f.cors !== undefined) ? [extension(CORS, "filters.http.cors.v3.Cors")] : []),
  ...(rules.some((f) => f.fault !== undefined) ? [extension(FAULT, "filters.http.fault.v3.HTTPFault")] : []),
];
