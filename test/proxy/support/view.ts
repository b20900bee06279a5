import { ClusterStats, DownstreamStats, HostStats, ListenerStats } from "../../../src/proxy/core/stats";
import type { ClusterView, ProxyView, RequestRecord } from "../../../src/proxy/core/view";

/** A request that went through, as observers see it; a test changes what it is about. */
export function record(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    listener: "l",
    statPrefix: "in",
    direction: "inbound",
    method: "GET",
    target: "/a?b",
    path: "/a?b",
    authority: "a.example",
    protocol: "HTTP/1.1",
    requestHeader: () => undefined,
    responseHeader: () => undefined,
    routeName: "",
    cluster: undefined,
    upstreamHost: undefined,
    status: 200,
    flags: 0,
    details: "via_upstream",
    attempts: 1,
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    durationMs: 12.4,
    upstreamMs: 10.2,
    requestBytes: 3,
    responseBytes: 5,
    clientAddress: "10.0.0.1",
    clientPort: 1234,
    localAddress: "10.0.0.2",
    localPort: 80,
    peer: undefined,
    upstreamPeer: undefined,
    span: undefined,
    ...changes,
  };
}

export function cluster(name: string, changes: Partial<ClusterView> = {}): ClusterView {
  return {
    name,
    stats: new ClusterStats(),
    metadata: {},
    limits: { maxConnections: 100, maxPendingRequests: 64, maxRequests: 256, maxRetries: 3 },
    hosts: [
      {
        address: "127.0.0.1",
        port: 8080,
        weight: 1,
        priority: 0,
        hostname: "",
        region: "",
        zone: "",
        subZone: "",
        stats: new HostStats(),
        healthFlags: "healthy",
      },
    ],
    breakers: () => ({}),
    ...changes,
  };
}

export function view(changes: Partial<ProxyView> = {}): ProxyView {
  return {
    state: "LIVE",
    clusters: () => [cluster("u")],
    listeners: () => [{ name: "l", address: "127.0.0.1", port: 80, stats: new ListenerStats() }],
    downstreams: () => [{ statPrefix: "in", stats: new DownstreamStats() }],
    config: () => ({ bootstrap: {}, loadedAt: 0, version: 1 }),
    ...changes,
  };
}
