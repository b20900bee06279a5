/** HttpConnectionManager.tracing to a tracer. */
import type { FetchTarget } from "../http/side-request";
import { Tracer, type SpanExporter } from "../telemetry/tracer";
import type { CompileContext } from "./compile-context";
import type { HttpConnectionManagerTracing, HttpService, Listener, OpenTelemetryConfig, Percent } from "./messages";

/** Envoy's name for a service that has none. */
const unnamed = "unknown_service:envoy";

export function compileTracing(
  tracing: HttpConnectionManagerTracing | undefined,
  listener: Listener,
  path: string,
  context: CompileContext,
): Tracer | undefined {
  if (tracing === undefined) return undefined;
  const { client_sampling: client, random_sampling: random, overall_sampling: overall, provider } = tracing;
  // Envoy takes whole hundredths of the clients' wish, and ten thousandths of the others.
  const sampling = { client: Math.trunc(percent(client)), random: fine(random), overall: fine(overall) };
  const config = provider?.typed_config;
  if (config === undefined) {
    context.error(`${path}.provider`, "must be envoy.config.trace.v3.OpenTelemetryConfig");
    return undefined;
  }
  const exporter = spans(config, `${path}.provider.typed_config`, context);
  return new Tracer(sampling, listener.traffic_direction === "OUTBOUND", exporter);
}

const percent = (share: Percent | undefined): number => share?.value ?? 100;
const fine = (share: Percent | undefined): number => Math.round(percent(share) * 100);

/** Undefined where the collector is not told: contexts are handed on all the same. */
function spans(config: OpenTelemetryConfig, path: string, context: CompileContext): SpanExporter | undefined {
  const { grpc_service: grpc, http_service: http } = config;
  if (grpc !== undefined && http !== undefined) {
    context.error(path, "has both grpc_service and http_service");
    return undefined;
  }
  context.unserved(`${path}.grpc_service`, grpc !== undefined);
  if (http === undefined) return undefined;
  const to = target(http, `${path}.http_service`, context);
  if (to === undefined) return undefined;
  const fields = http.request_headers_to_add.flatMap(({ header }): [string, string][] =>
    header === undefined ? [] : [[header.key, header.value]],
  );
  const serviceName = config.service_name === "" ? unnamed : config.service_name;
  return context.services.spans({ to, fields, serviceName });
}

function target(service: HttpService, path: string, context: CompileContext): FetchTarget | undefined {
  const { http_uri: at } = service;
  const parts = /^[a-z]+:\/\/([^/?#]+)([^#]*)/i.exec(at?.uri ?? "");
  if (at === undefined || parts === null) {
    context.error(`${path}.http_uri.uri`, `'${at?.uri ?? ""}' is no absolute address`);
    return undefined;
  }
  const { cluster = "", timeout } = at;
  if (!context.clusters.has(cluster)) context.error(`${path}.http_uri.cluster`, `unknown cluster '${cluster}'`);
  const [, authority = "", rest = ""] = parts;
  return { cluster, authority, path: rest.startsWith("/") ? rest : `/${rest}`, timeoutMs: timeout };
}
