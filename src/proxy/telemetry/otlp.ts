/** Finished requests as OTLP spans, in its JSON form, with the attributes that Envoy gives them. */
import { flagNames } from "../core/flags";
import type { Span } from "../core/span";
import type { RequestRecord } from "../core/view";

/** Who makes the spans. */
export interface SpanSource {
  readonly serviceName: string;
  readonly nodeId: string;
  readonly zone: string;
}

/** OTLP's SPAN_KIND_SERVER and SPAN_KIND_CLIENT, and STATUS_CODE_ERROR. */
const kinds = { server: 2, client: 3 } as const;
const failed = { code: 2 } as const;
/** Envoy's default for `max_path_tag_length`. */
const longestPath = 256;

/** One span as JSON text. */
export function spanJson(record: RequestRecord, span: Span, name: string, client: boolean, source: SpanSource): string {
  const { status } = record;
  const path = (record.requestHeader("x-envoy-original-path") ?? record.path).slice(0, longestPath);
  const scheme = record.requestHeader("x-forwarded-proto") ?? "";
  const attributes: (readonly [string, string | undefined])[] = [
    ["node_id", source.nodeId],
    ["zone", source.zone],
    ["guid:x-request-id", record.requestHeader("x-request-id")],
    ["http.url", `${scheme}://${record.requestHeader("host") ?? record.authority}${path}`],
    ["http.method", record.method],
    ["downstream_cluster", "-"],
    ["user_agent", record.requestHeader("user-agent") ?? "-"],
    ["http.protocol", record.protocol],
    ["peer.address", record.clientAddress],
    ["guid:x-client-trace-id", record.requestHeader("x-client-trace-id")],
    ["request_size", String(record.requestBytes)],
    ["response_size", String(record.responseBytes)],
    ["component", "proxy"],
    ["upstream_cluster", record.upstreamHost && record.cluster?.name],
    ["upstream_cluster.name", record.upstreamHost && record.cluster?.name],
    ["http.status_code", String(status)],
    ["response_flags", flagNames(record.flags)],
    ["error", status === 0 || status >= 500 ? "true" : undefined],
  ];
  const startMicros = Math.round(record.startedAt * 1000);
  return JSON.stringify({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.state !== "" && { traceState: text(span.state) }),
    ...(span.parentId !== "" && { parentSpanId: span.parentId }),
    name: text(name),
    kind: client ? kinds.client : kinds.server,
    startTimeUnixNano: `${startMicros}000`,
    endTimeUnixNano: `${startMicros + Math.round(record.durationMs * 1000)}000`,
    attributes: attributes.flatMap(([key, value]) => (value === undefined ? [] : [attribute(key, text(value))])),
    ...((status >= 500 || (client && status >= 400)) && { status: failed }),
  });
}

/** An ExportTraceServiceRequest around spans that are JSON already. */
export function requestJson(spans: readonly string[], source: SpanSource): string {
  const resource = {
    attributes: [
      attribute("service.name", source.serviceName),
      attribute("telemetry.sdk.language", "nodejs"),
      attribute("telemetry.sdk.name", "meshup"),
    ],
  };
  return `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[{"scope":{"name":"meshup"},"spans":[${spans.join(",")}]}]}]}`;
}

const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

/** Bytes from the wire as text; what is no UTF-8 must not make a collector refuse the whole batch. */
function text(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, "latin1").toString("utf8") : latin1;
}
