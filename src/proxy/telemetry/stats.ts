/** Envoy's statistics, gathered from the running proxy when they are asked for: counting itself costs one addition. */
import type { ProxyView } from "../core/view";
import type { Labels } from "./prometheus";
import type { Exposition } from "./prometheus";

export interface Stat {
  /** Envoy's dotted name: `cluster.a.upstream_rq_total`. */
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly value: number;
  /** As Envoy's Prometheus output has it: `envoy_cluster_upstream_rq_total` with its labels. */
  readonly metric: string;
  readonly labels: Labels;
}

const gauges =
  /(_active|\.active_faults$|^membership_(total|healthy|degraded|excluded)|_open|remaining_.*|^health_check_healthy$|^live|^uptime|^state|^version)$/;
/** Fields that sit one level deeper in Envoy's tree. */
const nested = /^(outlier_detection|health_check|ssl)_(.+)$/;
const responseClass = /^(.*_rq)_([1-5])xx$/;

export function gatherStats(view: ProxyView, uptimeSeconds: number): Stat[] {
  const stats: Stat[] = [];
  for (const cluster of view.clusters()) {
    const healthy = cluster.hosts.filter((h) => h.healthFlags === "healthy").length;
    const members = { membership_total: cluster.hosts.length, membership_healthy: healthy };
    const labels: Labels = [["envoy_cluster_name", cluster.name]];
    for (const numbers of [cluster.stats, members, cluster.breakers()])
      collect(stats, "cluster", cluster.name, labels, numbers);
  }
  for (const { statPrefix, stats: numbers } of view.downstreams()) {
    const labels: Labels = [["envoy_http_conn_manager_prefix", statPrefix]];
    collect(stats, "http", statPrefix, labels, numbers);
    for (const { prefix, counters } of numbers.filters.values()) {
      const named = Object.entries(counters).map(([field, value]) => [prefix + field, value as unknown]);
      collect(stats, "http", statPrefix, labels, Object.fromEntries(named) as object);
    }
  }
  for (const listener of view.listeners()) {
    const address = `${listener.address.replaceAll(":", "_")}_${listener.port}`;
    collect(stats, "listener", address, [["envoy_listener_address", address]], listener.stats);
  }
  const server = {
    live: view.state === "LIVE" ? 1 : 0,
    state: serverStates.indexOf(view.state),
    uptime: Math.floor(uptimeSeconds),
    version: view.config().version,
  };
  collect(stats, "server", "", [], server);
  return stats;
}

/** In the order of Envoy's numbers. */
const serverStates: readonly ProxyView["state"][] = ["LIVE", "DRAINING", "PRE_INITIALIZING"];

function collect(into: Stat[], kind: string, name: string, labels: Labels, numbers: object): void {
  for (const [field, value] of Object.entries(numbers)) {
    if (typeof value !== "number") continue;
    const deeper = nested.exec(field);
    const tail = deeper ? `${deeper[1]}.${deeper[2]}` : field;
    const byClass = responseClass.exec(field);
    const prefix = kind === "http" ? "http" : kind;
    into.push({
      name: [kind, name, tail].filter((part) => part !== "").join("."),
      type: gauges.test(field) ? "gauge" : "counter",
      value,
      metric: `envoy_${prefix}_${byClass ? `${byClass[1]}_xx` : field.replaceAll(".", "_")}`,
      labels: byClass ? [["envoy_response_code_class", byClass[2] as string], ...labels] : labels,
    });
  }
}

export function writeStats(stats: readonly Stat[], out: Exposition): void {
  for (const { metric, type, labels, value } of stats) out.add(metric, type, labels, value);
}
