import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import {
  count,
  duration,
  headerName,
  name,
  optional,
  percent,
  port,
  positive,
  required,
  status,
  text,
  urlPath,
} from "./fields";

const cookie = z.strictObject({
  name: required(text, "Name of the cookie"),
  ttl: optional(duration, "Lifetime of a cookie the proxy sets; 0s: for the browser's session", D.cookieTtl),
  path: optional(urlPath, "Path of a cookie the proxy sets", D.cookiePath),
});

const hashKey = z.strictObject({
  header: optional(headerName, "Hash this request header; one of header, query, cookie and sourceIp"),
  query: optional(text, "Hash this query parameter"),
  cookie: optional(cookie, "Hash this cookie, and set it where it is missing"),
  sourceIp: optional(z.literal(true), "Hash the client's address"),
});

const locality = z.strictObject({
  mode: optional(
    z.enum(["off", "prefer", "distribute"]),
    "off: ignore zones; prefer: the client's own zone first; distribute: by shares",
    D.localityMode,
  ),
  failover: optional(
    z.array(
      z.strictObject({
        from: required(text, "Region that has no healthy endpoint"),
        to: required(text, "Region that takes over"),
      }),
    ),
    "Where traffic goes when a region fails",
    [],
  ),
  distribute: optional(
    z.array(
      z.strictObject({
        from: required(text, "Locality of the client: region/zone or region/*"),
        to: required(z.record(z.string(), percent), "Share of every destination locality; they add up to 100"),
      }),
    ),
    "Shares by locality",
    [],
  ),
});

const loadBalancing = z.strictObject({
  policy: optional(
    z.enum(["ROUND_ROBIN", "LEAST_REQUEST", "PEAK_EWMA", "RANDOM", "RING_HASH", "MAGLEV"]),
    "How an endpoint is picked",
    D.loadBalancing,
  ),
  hashOn: optional(z.array(hashKey), "What RING_HASH and MAGLEV hash, in order of precedence", []),
  minimumRingSize: optional(
    positive.max(8_388_608),
    "Least number of points on the ring; the proxy's own when left out",
  ),
  tableSize: optional(positive.max(5_000_011), "Size of the Maglev table, a prime; the proxy's own when left out"),
  slowStart: optional(duration, "Time over which a new endpoint gets its full share; 0s or left out: at once"),
  locality: optional(locality, "Preference by zone and region; none when left out"),
  affinity: optional(
    z.strictObject({
      cookie: required(text, "Name of the cookie that the proxy sets"),
      ttl: optional(duration, "Lifetime of the cookie; 0s: for the browser's session", D.cookieTtl),
      path: optional(urlPath, "Path of the cookie", D.cookiePath),
    }),
    "Sticky sessions: a client stays with its endpoint; none when left out",
  ),
});

const connectionPool = z.strictObject({
  maxConnections: optional(positive, "Connections to all endpoints together; no limit when left out"),
  maxPendingRequests: optional(count, "Requests that wait for a connection; 0: none waits; no limit when left out"),
  maxRequests: optional(positive, "Requests at the same time; no limit when left out"),
  maxRequestsPerConnection: optional(count, "Requests until a connection is closed; 0 or left out: no limit"),
  maxRetries: optional(count, "Retries at the same time; 0: none; no limit when left out"),
  connectTimeout: optional(duration, "Time to make a TCP connection", D.connectTimeout),
  idleTimeout: optional(duration, "Unused connections are closed after this; 0s: never", D.poolIdleTimeout),
  tcpKeepalive: optional(
    z.strictObject({
      time: optional(duration, "Idle time until the first keep-alive", D.keepalive.time),
      interval: optional(duration, "Time between keep-alives", D.keepalive.interval),
      probes: optional(
        positive,
        "Keep-alives without an answer until the connection counts as dead",
        D.keepalive.probes,
      ),
    }),
    "TCP keep-alives; none when left out",
  ),
});

const outlierDetection = z.strictObject({
  consecutive5xx: optional(
    count,
    "Server errors in a row until an endpoint is ejected; 0: never",
    D.outlier.consecutive5xx,
  ),
  consecutiveGatewayErrors: optional(count, "The same for 502, 503 and 504 alone; 0 or left out: never"),
  interval: optional(duration, "Time between two sweeps", D.outlier.interval),
  baseEjectionTime: optional(duration, "First ejection; each further one is longer", D.outlier.baseEjectionTime),
  maxEjectionPercent: optional(
    percent,
    "Share of endpoints that may be ejected; 0: none",
    D.outlier.maxEjectionPercent,
  ),
  minHealthPercent: optional(
    percent,
    "Detection stops while fewer endpoints than this are healthy; 0: it never stops",
    D.outlier.minHealthPercent,
  ),
});

const healthCheck = z.strictObject({
  protocol: required(z.enum(["http", "tcp", "grpc"]), "How the endpoint is asked"),
  path: optional(urlPath, "Path asked for, with http", D.healthCheck.path),
  grpcService: optional(text, "Service named in the question, with grpc; the whole server when left out"),
  port: optional(port, "Port asked; the one that serves when left out"),
  interval: optional(duration, "Time between two checks", D.healthCheck.interval),
  timeout: optional(duration, "Time a check may take", D.healthCheck.timeout),
  healthyThreshold: optional(positive, "Successes in a row until healthy", D.healthCheck.healthyThreshold),
  unhealthyThreshold: optional(positive, "Failures in a row until unhealthy", D.healthCheck.unhealthyThreshold),
  expectedStatuses: optional(
    z.array(
      z.union([status, z.string().regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, "expected a status or a range: 200 or 200-299")], {
        error: "expected a status or a range: 200 or 200-299",
      }),
    ),
    "Statuses that count as success, with http",
    [D.healthCheck.expectedStatuses],
  ),
});

const rateLimit = z.strictObject({
  name: optional(name, "Name shown in findings and metrics", "limit-<position>"),
  requests: required(count, "Requests allowed in each period; 0: none"),
  per: optional(duration, "The period", D.rateLimit.per),
  burst: optional(count, "Requests that may come at once", "the same as requests"),
  by: optional(
    z.union(
      [
        z.enum(["client", "path", "method"]),
        z.strictObject({
          header: required(headerName, "One bucket for every value of this header"),
          value: optional(text, "Only requests whose header has this value; every value when left out"),
        }),
        z.strictObject({ path: required(urlPath, "Only requests for this path") }),
        z.strictObject({ method: required(text, "Only requests with this method") }),
      ],
      { error: "expected client, path, method, { header, value }, { path } or { method }" },
    ),
    "What gets a bucket of its own; one bucket for all when left out",
  ),
  status: optional(status, "Status of the answer to what is over the limit", D.rateLimit.status),
});

/** `traffic` of a service: how clients treat it (destination policy), and how it protects itself. */
export const traffic = z.strictObject({
  loadBalancing: optional(loadBalancing, "How an endpoint is picked", {}),
  connectionPool: optional(connectionPool, "Limits of every client's connections", {}),
  outlierDetection: optional(outlierDetection, "Ejects endpoints that fail; none when left out"),
  healthCheck: optional(healthCheck, "Asks endpoints actively; none when left out"),
  retryBudget: optional(
    z.strictObject({
      percent: optional(percent, "Retries as a share of active requests; 0: only minRetries", D.retryBudget.percent),
      minRetries: optional(count, "Retries allowed at the same time in any case", D.retryBudget.minRetries),
      interval: optional(duration, "Time the share is counted over", D.retryBudget.interval),
    }),
    "Bounds retries by traffic; none when left out",
  ),
  rateLimits: optional(z.array(rateLimit), "Limits that each instance enforces on what it receives", []),
});
