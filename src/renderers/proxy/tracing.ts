import type { Model } from "../../model/model";
import { collector } from "../collector";
import { engineKindOf } from "./engine";
import { type Message, socketAddress, typed } from "./envoy";

const CLUSTER = "tracing";
/** Where OTLP's collectors listen for gRPC when nobody says otherwise. */
const USUAL = { service: "127.0.0.1", port: 4317 };

/** Spans of requests, in the service's name; the bundled engine makes none. */
export function tracing(model: Model, serviceName: string): Message {
  const asked = model.telemetry.tracing;
  if (asked === undefined || engineKindOf(model) !== "envoy") return {};
  return {
    tracing: {
      random_sampling: { value: asked.samplingPercent },
      provider: {
        name: "envoy.tracers.opentelemetry",
        typed_config: {
          "@type": "type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig",
          grpc_service: { envoy_grpc: { cluster_name: CLUSTER } },
          service_name: serviceName,
        },
      },
    },
  };
}

/** The collector, over gRPC. */
export function tracingClusters(model: Model): Message[] {
  const asked = model.telemetry.tracing;
  if (asked === undefined || engineKindOf(model) !== "envoy") return [];
  const to = (asked.endpoint === undefined ? undefined : collector(asked.endpoint)) ?? USUAL;
  return [
    {
      name: CLUSTER,
      type: "STRICT_DNS",
      connect_timeout: "1s",
      load_assignment: {
        cluster_name: CLUSTER,
        endpoints: [
          {
            lb_endpoints: [{ endpoint: { address: socketAddress({ address: to.service, port: to.port }) } }],
          },
        ],
      },
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed("upstreams.http.v3.HttpProtocolOptions", {
          explicit_http_config: { http2_protocol_options: {} },
        }),
      },
    },
  ];
}
