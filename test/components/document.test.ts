import * as pulumi from "@pulumi/pulumi";
import type {
  AuthorizationPolicyArgs,
  ExternalServiceArgs,
  MeshArgs,
  MeshGatewayArgs,
  MeshRouteArgs,
  MeshServiceArgs,
} from "../../components";
import { overlay, toDocument } from "../../components/document";
import { fromObject } from "../../src/model";

const image = pulumi.output("registry.example/cart:1");

const cart: MeshServiceArgs = {
  name: "cart",
  calls: [{ service: "payment", required: false }, { service: "edge/rates" }],
  labels: { app: "cart", service: "a/b" },
  ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http", mtls: "STRICT", serverFirst: false }],
  versions: [
    {
      name: "v1",
      labels: { version: "v1" },
      workload: {
        name: "cart",
        replicas: 2,
        serviceAccount: "cart",
        container: {
          name: "cart",
          image,
          port: 8080,
          command: ["/cart"],
          args: ["-v"],
          env: { SERVICE: "a/b", IMAGE: image },
          resources: { requests: { cpu: "250m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
          probes: {
            liveness: { httpGet: { path: "/live", port: 8080 }, period: "5s", timeout: "1s" },
            readiness: { grpc: { port: 8080 }, initialDelay: "1s", failureThreshold: 2 },
            startup: { exec: { command: ["true"] } },
          },
        },
        template: { spec: { nodeSelector: { service: "a/b" } } },
        host: { command: ["node", "cart.js"], env: { service: "a/b" }, cwd: "." },
        bind: "any",
        annotations: { service: "a/b" },
      },
    },
    { name: "v2" },
  ],
  traffic: {
    loadBalancing: {
      policy: "RING_HASH",
      hashOn: [{ header: "x-user" }, { cookie: { name: "c", ttl: "1h", path: "/" } }, { sourceIp: true }],
      minimumRingSize: 1024,
      slowStart: "10s",
      locality: {
        mode: "distribute",
        failover: [{ from: "a", to: "b" }],
        distribute: [{ from: "a/*", to: { "a/*": 100 } }],
      },
    },
    connectionPool: {
      maxConnections: 10,
      connectTimeout: "1s",
      tcpKeepalive: { time: "60s", interval: "10s", probes: 3 },
    },
    outlierDetection: { consecutive5xx: 5, interval: "10s", baseEjectionTime: "30s", maxEjectionPercent: 50 },
    healthCheck: { protocol: "http", path: "/live", interval: "5s", expectedStatuses: ["200-299"] },
    retryBudget: { percent: 20, minRetries: 3, interval: "10s" },
    rateLimits: [
      { name: "clients", requests: 10, per: "1s", burst: 20, by: { each: "client" }, status: 429 },
      { requests: 5, by: { header: "x-user", value: "batch" } },
      { requests: 5, by: { path: "/slow" } },
    ],
  },
};
const payment: MeshServiceArgs = { name: "payment", ports: [{ port: 80 }], versions: [{ name: "v1" }] };
const grpc: MeshServiceArgs = { name: "ledger", ports: [{ port: 80, protocol: "grpc" }] };
const rates: ExternalServiceArgs = {
  name: "rates",
  namespace: "edge",
  hosts: ["api.rates.example"],
  ports: [{ port: 443, protocol: "tls" }],
  resolution: "DNS",
};
const door: MeshGatewayArgs = {
  name: "public",
  namespace: "edge",
  selector: { app: "gateway" },
  listeners: [
    {
      name: "https",
      port: 443,
      protocol: "https",
      hostname: "shop.example",
      tls: { mode: "TERMINATE", certificateRef: image },
    },
  ],
};
const routes: MeshRouteArgs[] = [
  {
    name: "cart",
    parents: [
      { gateway: "edge/public", listener: "https" },
      { service: "shop/cart", port: 80 },
    ],
    hostnames: ["shop.example"],
    http: [
      {
        name: "api",
        matches: [
          {
            path: { prefix: "/api", ignoreCase: true },
            methods: ["GET"],
            headers: [{ name: "x-beta", exact: "1", negate: true }],
            query: [{ name: "q", present: true }],
            source: { service: "shop/payment", namespace: "shop" },
          },
        ],
        backends: [
          { service: "shop/cart", version: "v1", port: 80, weight: 90 },
          { service: "cart", version: "v2", weight: 10 },
        ],
        filters: {
          rewrite: { prefix: "/", host: "cart" },
          cors: { allowOrigins: [{ exact: "https://shop.example" }], allowMethods: ["GET"], maxAge: "1h" },
          headers: {
            request: { set: { service: "a/b" }, add: { via: "x/y" }, remove: ["x"] },
            response: { set: { a: "b" } },
          },
          mirrors: [{ service: "shop/payment", percent: 10 }],
          fault: { delay: { duration: "1s", percent: 1 }, abort: { status: 503, percent: 1 } },
        },
        timeout: "5s",
        idleTimeout: "1m",
        retries: {
          attempts: 2,
          perTryTimeout: "1s",
          on: ["5xx"],
          statuses: [409],
          backoff: { base: "25ms", max: "250ms" },
        },
      },
      { matches: [{ path: { exact: "/old" } }], filters: { redirect: { host: "shop.example", full: "/", code: 301 } } },
      { filters: { directResponse: { status: 404, body: "no" } } },
    ],
  },
  {
    name: "ledger",
    service: "ledger",
    grpc: [{ matches: [{ service: "shop.Ledger", method: "Add" }], backends: [{ service: "ledger" }] }],
  },
];
const authorization: AuthorizationPolicyArgs = {
  name: "cart",
  target: { service: "shop/cart" },
  action: "ALLOW",
  rules: [
    {
      from: [{ services: ["shop/payment"], not: { namespaces: ["edge"] } }, { service: "shop/payment" }],
      to: [{ methods: ["POST"], paths: ["/cart/*"], ports: [8080], not: { paths: ["/admin/*"] } }],
      when: [{ claim: "role", values: ["admin"], negate: true }],
    },
  ],
};
const mesh: Omit<MeshArgs, "backend"> = {
  name: "shop",
  namespace: "shop",
  trustDomain: "shop.example",
  mtls: { mode: "STRICT", minVersion: "1.3" },
  namespaces: [{ name: "edge", create: true, inject: false, labels: { service: "a/b" } }],
  backends: {
    istio: { install: "none", version: "1.30", accept: [{ feature: "loadBalancing.peakEwma", reason: "r" }] },
    "vpc-lattice": { settings: { vpcId: "vpc-1" } },
  },
  services: [cart, payment, grpc],
  externalServices: [rates],
  gateways: [door],
  routes,
  egress: { mode: "REGISTRY_ONLY" },
  policies: {
    mtls: [{ name: "cart", target: { service: "shop/cart" }, mode: "STRICT", ports: { 8080: "PERMISSIVE" } }],
    authorization: [authorization],
    jwt: [
      {
        name: "users",
        target: { service: "cart" },
        issuer: "https://id.example",
        jwksUri: image,
        fromHeaders: [{ name: "x-jwt" }],
      },
    ],
    defaultDeny: ["shop"],
  },
  telemetry: {
    metrics: { enabled: true },
    tracing: { provider: "otlp", sampling: 1 },
    accessLogs: { format: "json", filter: "errors" },
  },
};

const { name, namespace, ...spec } = mesh;
const document = { apiVersion: "meshup/v1", kind: "Mesh", metadata: { name, namespace }, spec: toDocument(spec) };

it("every argument is a key of the document", () => {
  expect(fromObject(document).findings.filter(({ level }) => level === "error")).toEqual([]);
});

it("names with a namespace become references, and the user's own values stay as they are", () => {
  const { services, routes: written } = document.spec as { services: MeshServiceArgs[]; routes: MeshRouteArgs[] };
  expect(services[0]?.calls?.[1]).toEqual({ service: { name: "rates", namespace: "edge" } });
  expect(services[0]?.labels).toEqual(cart.labels);
  expect(services[0]?.versions?.[0]?.workload?.template).toEqual(cart.versions?.[0]?.workload?.template);
  expect(written[0]?.parents?.[0]?.gateway).toEqual({ name: "public", namespace: "edge" });
  expect(written[0]?.http?.[0]?.filters?.headers).toEqual(routes[0]?.http?.[0]?.filters?.headers);
});

it("what is known only at deployment passes through untouched", () => {
  const { services } = document.spec as { services: MeshServiceArgs[] };
  expect(services[0]?.versions?.[0]?.workload?.container?.image).toBe(image);
  expect(services[0]?.versions?.[0]?.workload?.container?.env?.IMAGE).toBe(image);
});

it("is the identity on what has the document's shape, so that a mesh.yaml's entries are arguments", () => {
  expect(toDocument(document.spec)).toEqual(document.spec);
});

it("settings of one backend stand beside those that every backend has", () => {
  expect(document.spec.backends).toMatchObject({ "vpc-lattice": { vpcId: "vpc-1" } });
});

it("lays arguments over a file: keys replace, lists follow one another", () => {
  expect(overlay({ a: 1, list: [1], o: { x: 1, y: 1 } }, { a: 2, list: [2], o: { x: 2 }, b: undefined })).toEqual({
    a: 2,
    list: [1, 2],
    o: { x: 2, y: 1 },
    b: undefined,
  });
});
