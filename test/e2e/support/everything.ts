/** A mesh with each routing, traffic and security feature that the proxies' configuration has words for. */
type Json = Record<string, unknown>;

const version = (service: string, name: string, replicas = 1): Json => ({
  name,
  labels: { version: name },
  workload: { name: `${service}-${name}`, replicas, serviceAccount: service },
});
const service = (name: string, more: Json = {}): Json => ({
  name,
  labels: { app: name },
  ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
  versions: [version(name, "v1", 2), version(name, "v2")],
  ...more,
});
const web = (name = "v1", weight = 1): Json => ({ service: "web", version: name, port: 80, weight });
const rule = (path: string, more: Json): Json => ({
  matches: [{ path: { prefix: path } }],
  backends: [web()],
  ...more,
});
const traffic = (policy: string, more: Json = {}): Json => ({
  traffic: { loadBalancing: { policy, ...(more.loadBalancing as Json | undefined) } },
});

export const everything: Json = {
  apiVersion: "meshup/v1",
  kind: "Mesh",
  metadata: { name: "everything", namespace: "shop" },
  spec: {
    trustDomain: "cluster.local",
    mtls: { mode: "STRICT" },
    // The bundled engine is told less: what it does not serve is left out for it.
    backends: { proxy: { engine: "envoy" } },
    services: [
      service("web", {
        calls: ["api", "db", { service: "rates" }],
        traffic: {
          loadBalancing: { policy: "PEAK_EWMA" },
          connectionPool: {
            maxConnections: 10,
            maxRequestsPerConnection: 100,
            tcpKeepalive: { time: "30s", interval: "5s", probes: 3 },
          },
          outlierDetection: { consecutive5xx: 3, consecutiveGatewayErrors: 2 },
          healthCheck: { protocol: "http", path: "/healthz" },
          retryBudget: { percent: 20, minRetries: 3 },
          rateLimits: [
            { name: "all", requests: 100, per: "1s" },
            { name: "gold", requests: 10, per: "1m", by: { header: "x-tier", value: "gold" } },
          ],
        },
      }),
      service("api", {
        ports: [{ name: "grpc", port: 80, targetPort: 8080, protocol: "grpc" }],
        ...traffic("ROUND_ROBIN"),
      }),
      service("db", { ports: [{ name: "tcp", port: 5432, targetPort: 5432, protocol: "tcp" }], ...traffic("RANDOM") }),
      service("ring", traffic("RING_HASH", { loadBalancing: { hashOn: [{ header: "x-user" }, { sourceIp: true }] } })),
      service("maglev", traffic("MAGLEV", { loadBalancing: { hashOn: [{ cookie: { name: "sid", ttl: "1h" } }] } })),
    ],
    externalServices: [
      {
        name: "rates",
        hosts: ["rates.example"],
        ports: [{ name: "https", port: 443, protocol: "http" }],
        tls: { mode: "SIMPLE", sni: "rates.example" },
      },
    ],
    routes: [
      {
        name: "web",
        service: "web",
        http: [
          rule("/headers", {
            matches: [
              {
                path: { regex: "/headers/[0-9]+" },
                methods: ["GET", "POST"],
                headers: [
                  { name: "x-a", exact: "1" },
                  { name: "x-b", prefix: "b" },
                  { name: "x-c", present: true },
                ],
                query: [{ name: "q", exact: "1" }],
              },
            ],
          }),
          rule("/old", { filters: { rewrite: { prefix: "/new", host: "web" } } }),
          rule("/to-root", { filters: { rewrite: { prefix: "/" } } }),
          {
            matches: [{ path: { prefix: "/moved" } }],
            filters: { redirect: { scheme: "https", host: "shop.example", code: 301 } },
          },
          {
            matches: [{ path: { exact: "/teapot" } }],
            filters: { directResponse: { status: 418, body: "short and stout" } },
          },
          rule("/changed", {
            filters: {
              headers: {
                request: { set: { "x-from": "mesh" }, add: { "x-more": "100%" }, remove: ["x-secret"] },
                response: { set: { "x-by": "mesh" } },
              },
            },
          }),
          rule("/cors", {
            filters: {
              cors: {
                allowOrigins: [{ exact: "https://shop.example" }],
                allowMethods: ["GET"],
                maxAge: "1h",
                allowCredentials: true,
              },
            },
          }),
          rule("/mirror", { filters: { mirrors: [{ service: "web", version: "v2", port: 80, percent: 10 }] } }),
          rule("/fault", {
            filters: { fault: { delay: { duration: "100ms", percent: 10 }, abort: { status: 503, percent: 1 } } },
          }),
          {
            backends: [web("v1", 90), web("v2", 10)],
            timeout: "5s",
            retries: { attempts: 2, perTryTimeout: "1s", on: ["5xx", "reset", "connect-failure"], statuses: [429] },
          },
        ],
      },
      { name: "ring", service: "ring", http: [{ backends: [{ service: "ring", port: 80 }] }] },
      { name: "maglev", service: "maglev", http: [{ backends: [{ service: "maglev", port: 80 }] }] },
      {
        name: "api",
        service: "api",
        grpc: [
          {
            matches: [{ service: "shop.Api", method: "Get" }],
            backends: [{ service: "api", version: "v1", port: 80 }],
          },
          { backends: [{ service: "api", version: "v2", port: 80 }] },
        ],
      },
      {
        name: "db",
        service: "db",
        tcp: [
          {
            backends: [
              { service: "db", version: "v1", port: 5432, weight: 9 },
              { service: "db", version: "v2", port: 5432, weight: 1 },
            ],
          },
        ],
      },
    ],
    policies: {
      mtls: [{ name: "soft", target: { service: "ring" }, mode: "PERMISSIVE" }],
      authorization: [
        {
          name: "web",
          target: { service: "web" },
          action: "ALLOW",
          rules: [{ from: [{ service: "api" }], to: [{ methods: ["GET"], paths: ["/a/*"] }] }],
        },
        { name: "not", target: { service: "web" }, action: "DENY", rules: [{ to: [{ paths: ["/admin"] }] }] },
        { name: "db", target: { service: "db" }, action: "ALLOW", rules: [{ from: [{ service: "web" }] }] },
      ],
      jwt: [
        {
          name: "web",
          target: { service: "web" },
          issuer: "https://issuer.example",
          jwks: '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"a","x":"MhCG0mvm3ivUQKpmlYPtm5OQHPOAo3aBQHriXe9uv_Y","y":"EYCfxyQcfpxjRLOJq-i3U3vHgJrGtYxJv4uY6URBymg"}]}',
        },
      ],
    },
    telemetry: { accessLogs: { format: "json", filter: "errors" } },
  },
};
