import { Decimal } from "../decimal";
import type { Context, Demand } from "../demand";
import { mapScenarios, same } from "../scenarios";
import { gbFromBytes, monthlyFromHourly, PLACES } from "../units";

/** Prometheus' usual scrape every 15 s, in a month of 730 h. */
const SAMPLES_PER_SERIES = Decimal.of((730 * 3600) / 15);

/** Access logs and metrics, as the mesh switches them on, taken in by the cloud's own services. */
export function* telemetry({ model, services, platform }: Context): Generator<Demand> {
  const sink = SINKS[platform.provider];
  if (!sink) return;
  const logs = model.telemetry.accessLogs?.filter === "all";
  for (const { owner, usage, replicas } of services) {
    const shared = { owner, component: "telemetry" as const, usageBased: true };
    const { requestsPerHour, logBytesPerRequest: bytes, metricSeriesPerReplica: series } = usage;
    if (logs)
      yield {
        ...shared,
        name: "Access logs ingested",
        sku: sink.logs,
        quantity:
          requestsPerHour &&
          bytes &&
          mapScenarios(requestsPerHour, (v) => gbFromBytes(monthlyFromHourly(v).times(bytes)).rounded(PLACES)),
        missing: requestsPerHour ? `log_bytes_per_request of ${owner}` : `requests of ${owner}`,
      };
    if (model.telemetry.metrics.enabled)
      yield {
        ...shared,
        name: sink.metricsName,
        sku: sink.metrics,
        quantity: series && replicas && same(series.times(replicas).times(sink.perSeries)),
        missing: series ? `replicas of ${owner}` : `metric_series_per_replica of ${owner}`,
      };
  }
}
const SINKS: Readonly<
  Record<string, { logs: string; metrics: string; metricsName: string; perSeries: Decimal } | undefined>
> = {
  aws: {
    logs: "aws.cloudwatch.logs",
    metrics: "aws.cloudwatch.metrics",
    metricsName: "Custom metrics",
    perSeries: Decimal.one,
  },
  gcp: {
    logs: "gcp.logging",
    metrics: "gcp.prometheus.samples",
    metricsName: "Metric samples",
    perSeries: SAMPLES_PER_SERIES,
  },
};
