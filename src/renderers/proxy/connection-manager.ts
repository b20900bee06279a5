import type { Model, Telemetry } from "../../model/model";
import { tracing } from "./tracing";
import { duration, extension, type Message, typed } from "./envoy";

/** What both engines write about a request, under the names of Istio's JSON access log. */
const LOG_FIELDS: Message = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  request_id: "%REQ(X-REQUEST-ID)%",
  authority: "%REQ(:AUTHORITY)%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
};

function accessLog(logs: Telemetry["accessLogs"]): Message {
  if (logs === undefined) return {};
  const format =
    logs.template !== undefined && logs.format === "text"
      ? { text_format_source: { inline_string: logs.template } }
      : { json_format: LOG_FIELDS };
  const failed = {
    status_code_filter: { comparison: { op: "GE", value: { default_value: 400, runtime_key: "meshup.log" } } },
  };
  return {
    access_log: [
      {
        name: "envoy.access_loggers.stdout",
        ...(logs.filter === "errors" ? { filter: failed } : {}),
        typed_config: typed("access_loggers.stream.v3.StdoutAccessLog", { log_format: format }),
      },
    ],
  };
}

const HEADER_TIMEOUT_MS = 10_000;
const MAX_HEADERS = 100;
/** Envoy's default, written out. */
const MAX_HEADER_KIB = 60;
/** A server keeps an idle connection longer than any client would use it again, so that no request meets a closing one. */
const IDLE_MS = 3_900_000;

export interface HttpSide {
  readonly name: string;
  /** The side facing the application judges peers by certificate and tells the application who called. */
  readonly inbound: boolean;
  readonly http2: boolean;
  /** Whose spans are made: the service that the proxy stands beside. */
  readonly speaker: string;
  /** At the mesh's edge nothing that a request says of itself is believed: its address is the connection's. */
  readonly edge?: boolean;
  readonly routes: Message;
  /** Before the router. */
  readonly filters: readonly Message[];
}

/** Envoy's defaults are mostly "no limit"; the safe values are written out, so that both engines have them. */
export const connectionManager = (model: Model, side: HttpSide): Message =>
  extension(
    "envoy.filters.network.http_connection_manager",
    "filters.network.http_connection_manager.v3.HttpConnectionManager",
    {
      stat_prefix: side.name,
      codec_type: side.http2 ? "HTTP2" : "AUTO",
      server_name: "meshup",
      normalize_path: true,
      merge_slashes: false,
      path_with_escaped_slashes_action: "KEEP_UNCHANGED",
      max_request_headers_kb: MAX_HEADER_KIB,
      request_headers_timeout: duration(HEADER_TIMEOUT_MS),
      stream_idle_timeout: duration(0),
      common_http_protocol_options: {
        idle_timeout: duration(IDLE_MS),
        max_headers_count: MAX_HEADERS,
        headers_with_underscores_action: "REJECT_REQUEST",
      },
      use_remote_address: side.edge === true,
      forward_client_cert_details: side.inbound ? "SANITIZE_SET" : "SANITIZE",
      ...(side.inbound ? { set_current_client_cert_details: { uri: true } } : {}),
      ...accessLog(model.telemetry.accessLogs),
      ...tracing(model, side.speaker),
      http_filters: [...side.filters, extension("envoy.filters.http.router", "filters.http.router.v3.Router")],
      route_config: side.routes,
    },
  );
