/** Istio's standard metrics: the names and labels that dashboards know, from identities that were proven. */
import { flagNames } from "../core/flags";
import type { PeerIdentity } from "../core/security";
import type { ClusterView, RequestObserver, RequestRecord } from "../core/view";
import type { Exposition, Labels } from "./prometheus";

/** Envoy's default histogram buckets, used by Istio for milliseconds and bytes alike. */
export const buckets: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

/** Whom this proxy stands for, from the node's metadata; `unknown` where it does not say. */
export interface Workload {
  readonly service: string;
  readonly namespace: string;
  readonly workload: string;
  readonly version: string;
}

class Histogram {
  private readonly counts = new Float64Array(buckets.length + 1);
  private sum = 0;

  observe(value: number): void {
    let i = 0;
    while (i < buckets.length && value > (buckets[i] as number)) i++;
    (this.counts[i] as number)++;
    this.sum += value;
  }

  write(out: Exposition, name: string, labels: Labels): void {
    out.addHistogram(name, labels, buckets, this.counts, this.sum);
  }
}

class Series {
  requests = 0;
  readonly duration = new Histogram();
  readonly requestBytes = new Histogram();
  readonly responseBytes = new Histogram();
  constructor(readonly labels: Labels) {}
}

const unknown = "unknown";
/** Beyond this, new combinations of labels share one series: nobody can grow our memory or a dashboard's bill. */
const maxSeries = 2_000;

/**
 * Counts every request once. Labels are made when a combination is first seen; after that a request costs one look-up. Nothing
 * from a request's own bytes becomes a label.
 */
export class IstioMetrics implements RequestObserver {
  private readonly series = new Map<string, Series>();
  private overflow: Series | undefined;

  constructor(private own: Workload) {}

  /** After a change of configuration: series made from now on carry the new labels. */
  setWorkload(own: Workload): void {
    this.own = own;
  }

  onRequest(record: RequestRecord): void {
    const series = this.find(record);
    series.requests++;
    series.duration.observe(record.durationMs);
    series.requestBytes.observe(record.requestBytes);
    series.responseBytes.observe(record.responseBytes);
  }

  write(out: Exposition): void {
    const all = this.overflow ? [...this.series.values(), this.overflow] : [...this.series.values()];
    for (const s of all) out.add("istio_requests_total", "counter", s.labels, s.requests);
    for (const s of all) s.duration.write(out, "istio_request_duration_milliseconds", s.labels);
    for (const s of all) s.requestBytes.write(out, "istio_request_bytes", s.labels);
    for (const s of all) s.responseBytes.write(out, "istio_response_bytes", s.labels);
  }

  private find(record: RequestRecord): Series {
    const inbound = record.direction === "inbound";
    const other = inbound ? record.peer : record.upstreamPeer;
    const uri = other?.uriSans[0] ?? "";
    const key = `${record.direction}|${record.cluster?.name ?? ""}|${record.status}|${record.flags}|${uri}`;
    const known = this.series.get(key);
    if (known) return known;
    if (this.series.size >= maxSeries) return (this.overflow ??= new Series([["reporter", "other"]]));
    const series = new Series(this.labels(record, inbound));
    this.series.set(key, series);
    return series;
  }

  private labels(record: RequestRecord, inbound: boolean): Labels {
    const source = inbound ? fromIdentity(record.peer) : this.own;
    const destination = inbound ? this.own : fromCluster(record.cluster);
    const host = destination.service === unknown ? unknown : `${destination.service}.${destination.namespace}`;
    const secured = (inbound ? record.peer : record.upstreamPeer) !== undefined;
    return [
      ["reporter", inbound ? "destination" : "source"],
      ["source_workload", source.workload],
      ["source_canonical_service", source.service],
      ["source_canonical_revision", source.version],
      ["source_workload_namespace", source.namespace],
      ["source_principal", inbound ? principal(record.peer) : unknown],
      ["source_app", source.service],
      ["source_version", source.version],
      ["destination_workload", destination.workload],
      ["destination_workload_namespace", destination.namespace],
      ["destination_principal", inbound ? unknown : principal(record.upstreamPeer)],
      ["destination_app", destination.service],
      ["destination_version", destination.version],
      ["destination_service", host],
      ["destination_service_name", destination.service],
      ["destination_service_namespace", destination.namespace],
      ["destination_canonical_service", destination.service],
      ["destination_canonical_revision", destination.version],
      ["request_protocol", "http"],
      ["response_code", String(record.status)],
      ["response_flags", flagNames(record.flags)],
      // As in Istio, only the receiving side vouches for it.
      ["connection_security_policy", inbound ? (secured ? "mutual_tls" : "none") : unknown],
    ];
  }
}

/** The labels of a workload from `metadata.meshup` of a node or cluster. */
export function workloadOf(metadata: unknown): Workload {
  const fields = isObject(metadata) && isObject(metadata["meshup"]) ? metadata["meshup"] : {};
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === "string" && value !== "" ? value : unknown;
  };
  return {
    service: text("service"),
    namespace: text("namespace"),
    workload: text("workload"),
    version: text("version"),
  };
}

function fromCluster(cluster: ClusterView | undefined): Workload {
  return workloadOf(cluster?.metadata);
}

/** spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT proves the namespace and the account, which stands for the workload. */
function fromIdentity(peer: PeerIdentity | undefined): Workload {
  const m = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(peer?.uriSans[0] ?? "");
  const account = m?.[2] ?? unknown;
  return { service: account, namespace: m?.[1] ?? unknown, workload: account, version: unknown };
}

function principal(peer: PeerIdentity | undefined): string {
  return peer?.uriSans[0] ?? unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
