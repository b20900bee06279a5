import type { Model } from "../../model/model";
import { collector } from "../collector";
import { engineKindOf } from "./engine";
import { duration, type Message, socketAddress, typed } from "./envoy";
import { publicTls } from "./mtls";

const CLUSTER = "tracing";
const TIMEOUT_MS = 10_000;
/** Where OTLP's collectors listen on a host of their own when nobody says otherwise, and the path of spans there. */
const USUAL = "http://127.0.0.1:4318";
const SPANS = "/v1/traces";

interface Collector {
  readonly host: string;
  readonly port: number;
  /** Where it takes OTLP over HTTP; undefined: it takes gRPC. */
  readonly uri?: string;
  readonly secure: boolean;
}

/** OTLP over HTTP for an address that begins with http, over gRPC for a bare host and port, which Envoy alone speaks. */
function collectorOf(model: Model): Collector | undefined {
  const asked = model.telemetry.tracing;
  if (asked === undefined) return undefined;
  const endpoint = asked.endpoint ?? USUAL;
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) {
    const uri = new URL(endpoint);
    const secure = uri.protocol === "https:";
    if (uri.pathname === "/") uri.pathname = SPANS;
    return { host: uri.hostname, port: Number(uri.port) || (secure ? 443 : 80), uri: uri.href, secure };
  }
  const to = collector(endpoint);
  if (to === undefined || engineKindOf(model) === "bundled") return undefined;
  return { host: to.service, port: to.port, secure: false };
}

/** Spans of requests, in a service's name. */
export function tracing(model: Model, serviceName: string): Message {
  const to = collectorOf(model);
  if (to === undefined || model.telemetry.tracing === undefined) return {};
  const service =
    to.uri === undefined
      ? { grpc_service: { envoy_grpc: { cluster_name: CLUSTER } } }
      : { http_service: { http_uri: { uri: to.uri, cluster: CLUSTER, timeout: duration(TIMEOUT_MS) } } };
  return {
    tracing: {
      random_sampling: { value: model.telemetry.tracing.samplingPercent },
      provider: {
        name: "envoy.tracers.opentelemetry",
        typed_config: {
          "@type": "type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig",
          ...service,
          service_name: serviceName,
        },
      },
    },
  };
}

/** The collector. */
export function tracingClusters(model: Model): Message[] {
  const to = collectorOf(model);
  if (to === undefined) return [];
  const address = socketAddress({ address: to.host, port: to.port });
  return [
    {
      name: CLUSTER,
      type: "STRICT_DNS",
      connect_timeout: "1s",
      load_assignment: { cluster_name: CLUSTER, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
      ...(to.uri === undefined
        ? {
            typed_extension_protocol_options: {
              "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed("upstreams.http.v3.HttpProtocolOptions", {
                explicit_http_config: { http2_protocol_options: {} },
              }),
            },
          }
        : {}),
      ...(to.secure ? { transport_socket: publicTls(to.host) } : {}),
    },
  ];
}

/** Whether listeners say whose spans they make, so that callers cannot share them. */
export const isTraced = (model: Model): boolean => collectorOf(model) !== undefined;
