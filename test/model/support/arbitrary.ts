import * as fc from "fast-check";
import type {
  AuthorizationPolicySpec,
  ExternalServiceSpec,
  GatewaySpec,
  HttpMatchSpec,
  HttpRuleSpec,
  MeshDocument,
  MtlsPolicySpec,
  RouteSpec,
  ServiceSpec,
  TrafficSpec,
  VersionSpec,
} from "../../../src/model";

/** Valid meshes: whatever these give loads without a finding. */
const optionally = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
/** A record without the keys that came out undefined, as a person would write it. */
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model).map((value) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T);

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const label = fc.dictionary(fc.constantFrom("app", "tier", "app.kubernetes.io/part-of"), word, {
  minKeys: 1,
  maxKeys: 2,
});
const duration = fc.constantFrom("0s", "100ms", "1s", "1.5s", "1m30s", "2h");
const percent = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom("0%", "12.5%", "100%"));
const count = fc.integer({ min: 1, max: 1000 });
const mode = fc.constantFrom("STRICT" as const, "PERMISSIVE" as const, "DISABLE" as const);
const namespace = fc.constantFrom(undefined, "shop", "edge");
const path = fc.stringMatching(/^(\/[a-z0-9]{1,5}){1,3}$/);

export const trafficSpec: fc.Arbitrary<TrafficSpec> = record<TrafficSpec>({
  loadBalancing: optionally(
    fc.oneof(
      record<NonNullable<TrafficSpec["loadBalancing"]>>({
        policy: fc.constantFrom(
          "ROUND_ROBIN" as const,
          "LEAST_REQUEST" as const,
          "PEAK_EWMA" as const,
          "RANDOM" as const,
        ),
        slowStart: optionally(duration),
      }),
      record<NonNullable<TrafficSpec["loadBalancing"]>>({
        policy: fc.constantFrom("RING_HASH" as const, "MAGLEV" as const),
        hashOn: fc.array(
          fc.oneof(
            fc.constant({ header: "x-user" }),
            fc.constant({ query: "user" }),
            fc.constant({ sourceIp: true as const }),
            fc.constant({ cookie: { name: "session", ttl: "1h" } }),
          ),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    ),
  ),
  connectionPool: optionally(
    record<NonNullable<TrafficSpec["connectionPool"]>>({
      maxConnections: optionally(count),
      maxRequests: optionally(count),
      connectTimeout: optionally(duration),
    }),
  ),
  outlierDetection: optionally(
    record<NonNullable<TrafficSpec["outlierDetection"]>>({
      consecutive5xx: optionally(count),
      interval: optionally(duration),
      maxEjectionPercent: optionally(percent),
    }),
  ),
  rateLimits: optionally(
    fc.array(record({ requests: count, by: optionally(fc.constantFrom("client" as const, "path" as const)) }), {
      maxLength: 2,
    }),
  ),
});

const versionSpecs: fc.Arbitrary<VersionSpec[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    optionally(
      record<NonNullable<VersionSpec["workload"]>>({
        replicas: optionally(fc.integer({ min: 0, max: 9 })),
        serviceAccount: optionally(word),
        container: optionally(
          record<NonNullable<NonNullable<VersionSpec["workload"]>["container"]>>({
            image: word,
            resources: optionally(fc.constant({ requests: { cpu: "250m", memory: "128Mi" } })),
            probes: optionally(fc.constant({ readiness: { httpGet: { path: "/ready" } } })),
          }),
        ),
      }),
    ),
  )
  .map(([size, workload]) =>
    Array.from({ length: size }, (_, i) => ({ name: `v${i + 1}`, ...(workload ? { workload } : {}) })),
  );

const serviceSpec = (name: string): fc.Arbitrary<ServiceSpec> =>
  record<ServiceSpec>({
    name: fc.constant(name),
    namespace,
    labels: optionally(label),
    ports: fc
      .subarray(
        [
          { name: "http", port: 80, targetPort: 8080, protocol: "http" as const },
          { port: 443, protocol: "grpc" as const },
          { port: 3306, protocol: "tcp" as const, serverFirst: true },
        ],
        { minLength: 1 },
      )
      .map((ports) => ports.map((port) => ({ ...port }))),
    versions: optionally(versionSpecs),
    traffic: optionally(trafficSpec),
  });

const httpRule = (services: readonly ServiceSpec[]): fc.Arbitrary<HttpRuleSpec> =>
  fc.oneof(
    record<HttpRuleSpec>({
      matches: fc.constant([{ path: { exact: "/old" } }]),
      filters: fc.constant({ redirect: { full: "/new", code: 301 as const } }),
    }),
    record<HttpRuleSpec>({
      matches: optionally(
        fc.array(
          fc.oneof<fc.Arbitrary<HttpMatchSpec>[]>(
            path.map((prefix) => ({ path: { prefix } })),
            path.map((exact) => ({ path: { exact, ignoreCase: true } })),
            fc.constant<HttpMatchSpec>({ path: { regex: "/a(b|c)*" }, method: "GET" }),
            word.map((value) => ({ headers: [{ name: "x-user", exact: value, negate: true }] })),
            fc.constant<HttpMatchSpec>({ query: [{ name: "debug", present: false }] }),
          ),
          { maxLength: 3 },
        ),
      ),
      backends: fc.array(fc.constantFrom(...services).chain(backendOf), { minLength: 1, maxLength: 3 }),
      timeout: optionally(duration),
      retries: optionally(
        fc.record({
          attempts: fc.integer({ min: 0, max: 5 }),
          on: fc.subarray(["5xx" as const, "reset" as const, "connect-failure" as const]),
        }),
      ),
      filters: optionally(
        fc.constantFrom<NonNullable<HttpRuleSpec["filters"]>>(
          { headers: { request: { set: { "x-a": "b" }, remove: ["x-c"] } } },
          { fault: { delay: { duration: "1s", percent: "10%" } } },
          { cors: { allowOrigins: ["*", { regex: "https://.*" }] } },
          { rewrite: { prefix: "/" } },
        ),
      ),
    }),
  );

const backendOf = (service: ServiceSpec) =>
  fc
    .record({
      version: fc.constantFrom(undefined, ...(service.versions ?? []).map((each) => each.name)),
      weight: count,
    })
    .map(({ version, weight }) => ({
      service: service.name,
      port: service.ports[0]?.port as number,
      weight,
      ...(version === undefined ? {} : { version }),
    }));

/** One route for every service that has an http port. */
const routeSpecs = (services: readonly ServiceSpec[]): fc.Arbitrary<RouteSpec[]> =>
  fc.tuple(
    ...services
      .filter((service) => service.ports.some((port) => port.port === 80))
      .map((service) =>
        fc.array(httpRule(services), { minLength: 1, maxLength: 3 }).map((http): RouteSpec => ({
          name: `to-${service.name}`,
          parents: [{ service: service.name, port: 80 }],
          http,
        })),
      ),
  );

const mtlsPolicies = (services: readonly ServiceSpec[]): fc.Arbitrary<MtlsPolicySpec[]> =>
  fc.subarray([...services]).chain((chosen) =>
    fc.tuple(
      ...chosen.map((service) =>
        mode.map((each): MtlsPolicySpec => ({
          name: `mtls-${service.name}`,
          target: { service: service.name },
          mode: each,
        })),
      ),
    ),
  );

const authorization = (services: readonly ServiceSpec[]): fc.Arbitrary<AuthorizationPolicySpec[]> =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...services),
        fc.constantFrom(...services),
        fc.constantFrom("ALLOW" as const, "DENY" as const),
      ),
      { maxLength: 3 },
    )
    .map((triples) =>
      triples.map(([server, client, action], index) => ({
        name: `authz-${index}`,
        target: { service: server.name },
        action,
        rules: [{ from: [{ service: client.name }], to: [{ methods: ["GET"], paths: ["/x/*"] }] }],
      })),
    );

const external: ExternalServiceSpec = {
  name: "rates",
  hosts: ["api.rates.example"],
  ports: [{ port: 443, protocol: "tls" }],
};
const gateway: GatewaySpec = {
  name: "public",
  namespace: "edge",
  listeners: [{ port: 443, protocol: "https", hostname: "shop.example", tls: { certificateRef: "shop-cert" } }],
};

/** A valid Mesh document with up to `size` services. */
export const meshDocument = (size = 5): fc.Arbitrary<MeshDocument> =>
  fc
    .integer({ min: 1, max: size })
    .chain((services) => fc.tuple(...Array.from({ length: services }, (_, i) => serviceSpec(`svc-${i}`))))
    .chain((services) =>
      fc
        .record({
          trustDomain: fc.constantFrom(undefined, "cluster.local", "mesh.example"),
          mtls: optionally(mode.map((each) => ({ mode: each }))),
          calls: fc.subarray(services.map((service) => service.name)),
          outside: fc.boolean(),
          door: fc.boolean(),
          routes: routeSpecs(services),
          mtlsPolicies: mtlsPolicies(services),
          authorization: authorization(services),
          defaultDeny: fc.boolean(),
        })
        .map(({ trustDomain, mtls, calls, outside, door, routes, ...policies }): MeshDocument => ({
          apiVersion: "meshup/v1",
          kind: "Mesh",
          metadata: { name: "mesh", namespace: "main" },
          spec: {
            ...(trustDomain === undefined ? {} : { trustDomain }),
            ...(mtls === undefined ? {} : { mtls }),
            services: services.map((service, index) =>
              index === 0 ? { ...service, calls: [...calls, ...(outside ? ["rates"] : [])] } : service,
            ),
            ...(outside ? { externalServices: [external] } : {}),
            ...(door ? { gateways: [gateway] } : {}),
            routes,
            policies: {
              mtls: policies.mtlsPolicies,
              authorization: policies.authorization,
              defaultDeny: policies.defaultDeny,
            },
          },
        })),
    );
