/** /clusters, as Envoy prints it: text by default, `?format=json` for programs. */
import type { ClusterView, HostView, ProxyView } from "../core/view";

const hostStats = [
  "cx_active",
  "cx_connect_fail",
  "cx_total",
  "rq_active",
  "rq_error",
  "rq_success",
  "rq_timeout",
  "rq_total",
] as const;

/** Envoy's defaults for what the subset does not configure apart: requests of high priority. */
const highPriority = { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 };

export function clustersText(view: ProxyView): string {
  const lines: string[] = [];
  for (const cluster of view.clusters()) {
    const line = (...parts: readonly (string | number)[]): unknown => lines.push([cluster.name, ...parts].join("::"));
    line("observability_name", cluster.name);
    for (const [priority, limits] of [
      ["default_priority", cluster.limits],
      ["high_priority", highPriority],
    ] as const) {
      line(priority, "max_connections", limits.maxConnections);
      line(priority, "max_pending_requests", limits.maxPendingRequests);
      line(priority, "max_requests", limits.maxRequests);
      line(priority, "max_retries", limits.maxRetries);
    }
    line("added_via_api", "false");
    for (const host of cluster.hosts) {
      const at = hostAddress(host);
      for (const name of hostStats) line(at, name, host.stats[name]);
      line(at, "hostname", host.hostname);
      line(at, "health_flags", host.healthFlags);
      line(at, "weight", host.weight);
      line(at, "region", host.region);
      line(at, "zone", host.zone);
      line(at, "sub_zone", host.subZone);
      line(at, "canary", "false");
      line(at, "priority", host.priority);
      line(at, "success_rate", "-1");
      line(at, "local_origin_success_rate", "-1");
    }
  }
  return lines.map((l) => `${l}\n`).join("");
}

export function clustersJson(view: ProxyView): object {
  return { cluster_statuses: [...view.clusters()].map(clusterStatus) };
}

function clusterStatus(cluster: ClusterView): object {
  const { maxConnections, maxPendingRequests, maxRequests, maxRetries } = cluster.limits;
  const limits = {
    max_connections: maxConnections,
    max_pending_requests: maxPendingRequests,
    max_requests: maxRequests,
    max_retries: maxRetries,
  };
  return {
    name: cluster.name,
    observability_name: cluster.name,
    circuit_breakers: { thresholds: [limits] },
    host_statuses: cluster.hosts.map((host) => ({
      address: { socket_address: { address: host.address, port_value: host.port } },
      stats: hostStats.map((name) => ({
        name,
        // 64-bit numbers are strings in proto3 JSON; a gauge says that it is one.
        value: String(host.stats[name]),
        ...(name.endsWith("_active") && { type: "GAUGE" }),
      })),
      health_status: {
        eds_health_status: "HEALTHY",
        ...(host.healthFlags.includes("failed_outlier_check") && { failed_outlier_check: true }),
        ...(host.healthFlags.includes("failed_active_hc") && { failed_active_health_check: true }),
      },
      weight: host.weight,
      ...(host.hostname !== "" && { hostname: host.hostname }),
      ...(host.priority > 0 && { priority: host.priority }),
      locality: {
        ...(host.region !== "" && { region: host.region }),
        ...(host.zone !== "" && { zone: host.zone }),
        ...(host.subZone !== "" && { sub_zone: host.subZone }),
      },
    })),
  };
}

function hostAddress({ address, port }: HostView): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
