import { wrote } from "../../model";
import { emulated, native, unsupported, type Row } from "../capability";
import { source as s } from "../sources";
import { trafficThat } from "../uses";
import type { Model } from "../../model/model";

const linkerdPool = unsupported(
  "Linkerd has no connection pool limits",
  s.linkerdBreaking,
  "Use a rate limit at the server.",
);
const latticePool = unsupported("the service network has no connection limits", s.latticeTargets);
const latticeOutlier = unsupported("targets leave by health check only", s.latticeTargets, "Use traffic.healthCheck.");
const byReadiness = (mesh: string, source: string) =>
  unsupported(`${mesh} relies on Kubernetes' readiness`, source, "Use the workload's readiness probe.");
/** A pool value counts where it was written: the backends' own values are generous. */
const pool = (name: string) =>
  function* (model: Model): Iterable<string> {
    for (const service of model.services) {
      const path = `${service.traffic.path}.connectionPool.${name}`;
      if (wrote(model, path)) yield path;
    }
  };

/** How many connections and requests there may be, and who is left out. */
export const resilience: readonly Row[] = [
  [
    "connectionPool.maxConnections",
    "Most connections",
    "tuning",
    pool("maxConnections"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdPool,
      appmesh: emulated("the listener's connectionPool", "counted at the server, over all clients", s.appmeshNode, {
        form: "folded",
      }),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.maxPendingRequests",
    "Most requests waiting for a connection",
    "tuning",
    pool("maxPendingRequests"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdPool,
      appmesh: emulated(
        "the HTTP listener's connectionPool",
        "counted at the server; not for HTTP/2 and gRPC",
        s.appmeshNode,
        { form: "folded" },
      ),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.maxRequests",
    "Most requests at once",
    "tuning",
    pool("maxRequests"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdPool,
      appmesh: emulated(
        "the HTTP/2 or gRPC listener's connectionPool",
        "counted at the server; not for HTTP/1.1",
        s.appmeshNode,
        { form: "folded" },
      ),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.maxRequestsPerConnection",
    "Most requests over one connection",
    "tuning",
    pool("maxRequestsPerConnection"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdPool,
      appmesh: unsupported("the connection pool has no such limit", s.appmeshNode),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.maxRetries",
    "Most retries at once",
    "tuning",
    pool("maxRetries"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdPool,
      appmesh: unsupported("the connection pool has no such limit", s.appmeshNode),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.connectTimeout",
    "Connect timeout, as written",
    "tuning",
    pool("connectTimeout"),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported(
        "proxy-wide only: config.linkerd.io/proxy-outbound-connect-timeout",
        s.linkerdTelemetry,
        "Annotate the workload.",
      ),
      appmesh: unsupported("no field", s.appmeshNode),
      gcsm: unsupported("BackendService has no connect timeout in the service mesh", s.googleBackend),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.idleTimeout",
    "Idle timeout of connections, as written",
    "tuning",
    pool("idleTimeout"),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("proxy-wide only", s.linkerdTelemetry),
      appmesh: emulated("timeout.idle of the listener", "of the stream, not the connection", s.appmeshNode, {
        form: "folded",
      }),
      gcsm: unsupported("no field", s.googleBackend),
      "vpc-lattice": emulated(
        "idleTimeoutSeconds of the service",
        "of clients' connections, from 60 to 600 s",
        s.latticeService,
      ),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "connectionPool.tcpKeepalive",
    "TCP keepalive",
    "tuning",
    trafficThat("connectionPool.tcpKeepalive", (t) => t.connectionPool.tcpKeepalive !== undefined),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("keepalive is fixed in the proxy", s.linkerdTelemetry),
      appmesh: unsupported("no field", s.appmeshNode),
      gcsm: unsupported("no field", s.googleBackend),
      "vpc-lattice": latticePool,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "outlierDetection",
    "Ejection of failing endpoints",
    "tuning",
    trafficThat("outlierDetection", (t) => t.outlierDetection !== undefined),
    {
      istio: native(s.destinationRule),
      linkerd: emulated(
        "consecutive failure accrual",
        "HTTP only; a penalty with back-off for the endpoint, and no interval or share",
        s.linkerdBreaking,
        { form: "folded", since: "2.13" },
      ),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeOutlier,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "outlierDetection.consecutiveGatewayErrors",
    "Ejection after gateway errors",
    "tuning",
    trafficThat(
      "outlierDetection.consecutiveGatewayErrors",
      (t) => t.outlierDetection?.consecutiveGatewayErrors !== undefined,
    ),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("failures are counted in one way", s.linkerdBreaking),
      appmesh: unsupported("maxServerErrors counts every 5xx", s.appmeshNode),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeOutlier,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "outlierDetection.minHealthPercent",
    "No ejection below a healthy share",
    "tuning",
    trafficThat("outlierDetection.minHealthPercent", (t) => (t.outlierDetection?.minHealthPercent ?? 0) > 0),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("no field", s.linkerdBreaking),
      appmesh: unsupported("no field", s.appmeshNode),
      gcsm: unsupported("no field", s.googleBackend),
      "vpc-lattice": latticeOutlier,
      proxy: emulated(
        "common_lb_config.healthy_panic_threshold",
        "below the share all endpoints are used",
        s.envoyCluster,
      ),
    },
  ],
  [
    "healthCheck",
    "Active health checks",
    "tuning",
    trafficThat("healthCheck", (t) => t.healthCheck !== undefined),
    {
      istio: byReadiness("Istio", s.destinationRule),
      linkerd: byReadiness("Linkerd", s.linkerdBalancing),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": emulated("the target group's health check", "HTTP and HTTPS only", s.latticeTargets),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "healthCheck.grpc",
    "Active health checks by gRPC",
    "tuning",
    trafficThat("healthCheck", (t) => t.healthCheck?.kind === "grpc"),
    {
      istio: byReadiness("Istio", s.destinationRule),
      linkerd: byReadiness("Linkerd", s.linkerdBalancing),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": unsupported("health checks are HTTP and HTTPS", s.latticeTargets, "Check by HTTP."),
      proxy: native(s.envoyCluster, { needs: "envoy" }),
    },
  ],
  [
    "healthCheck.port",
    "Active health checks at a port of their own",
    "tuning",
    trafficThat("healthCheck", ({ healthCheck: check }, { ports }) => {
      const own = check?.port;
      return own !== undefined && ports.some(({ targetPort }) => targetPort !== own);
    }),
    {
      istio: byReadiness("Istio", s.destinationRule),
      linkerd: byReadiness("Linkerd", s.linkerdBalancing),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": native(s.latticeTargets),
      proxy: unsupported(
        "a replica is asked where its requests go, at its sidecar's listener",
        s.envoyCluster,
        "Answer at the service's port.",
      ),
    },
  ],
  [
    "retryBudget",
    "Retry budget",
    "tuning",
    trafficThat("retryBudget", (t) => t.retryBudget !== undefined),
    {
      istio: native(s.destinationRule, { since: "1.27" }),
      linkerd: unsupported("ServiceProfiles only, and they switch routes off", s.linkerdRetries, "Limit the attempts."),
      appmesh: unsupported("no field", s.appmeshRoute, "Limit the attempts."),
      gcsm: unsupported("no field", s.googleRoute, "Use connectionPool.maxRetries."),
      "vpc-lattice": unsupported("the service network does not retry", s.latticeRule),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "rateLimit",
    "Local rate limit",
    "tuning",
    trafficThat("rateLimits", (t) => t.rateLimits.length > 0),
    {
      istio: unsupported(
        "EnvoyFilter only (istio/api#1357)",
        s.destinationRule,
        "Limit at the edge, or in the application.",
      ),
      linkerd: emulated("HTTPLocalRateLimitPolicy", "whole requests a second, without a burst", s.linkerdRateLimit, {
        since: "2.17",
      }),
      appmesh: unsupported("no field (aws-app-mesh-roadmap#107)", s.appmeshNode, "Limit in the application."),
      gcsm: unsupported("Cloud Armor for internal services is a preview", s.googleBackend, "Limit in the application."),
      "vpc-lattice": unsupported("no field", s.latticeRule, "Limit in the application."),
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "rateLimit.by",
    "Local rate limit by header, path or method",
    "tuning",
    trafficThat("rateLimits", (t) => t.rateLimits.some((r) => r.by !== undefined && r.by.kind !== "client")),
    {
      istio: unsupported(
        "EnvoyFilter only (istio/api#1357)",
        s.destinationRule,
        "Limit at the edge, or in the application.",
      ),
      linkerd: unsupported("limits are for all, or for each client", s.linkerdRateLimit, "Limit by client."),
      appmesh: unsupported("no field", s.appmeshNode, "Limit in the application."),
      gcsm: unsupported("Cloud Armor for internal services is a preview", s.googleBackend, "Limit in the application."),
      "vpc-lattice": unsupported("no field", s.latticeRule, "Limit in the application."),
      proxy: native(s.envoyFilters),
    },
  ],
];
