import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Loader } from "../../src/proxy/loader";
import { Worker } from "../../src/proxy/worker";
import { readBootstrap } from "../../src/proxy/xds/bootstrap";
import { RawClient } from "../proxy/support/client";
import { RawUpstream, response } from "../proxy/support/upstream";
import { startEnvoy } from "./differential/engines";
import { type CollectedSpan, Collector } from "./support/otlp";
import { describePart } from "./support/parts";

const type = (name: string): object => ({ "@type": `type.googleapis.com/envoy.${name}` });
const address = (port_value: number): object => ({ socket_address: { address: "127.0.0.1", port_value } });
const trace = "0af7651916cd43dd8448eb211c80319c";
const parent = "b7ad6b7169203331";
const uuid = (digit: string): string => `00000064-0000-${digit}000-8000-000000000000`;

/** A request by its header fields; each engine gets each once, on the listener named. */
interface Case {
  readonly name: string;
  readonly listener: "all" | "one-percent" | "outbound";
  readonly path?: string;
  readonly fields?: readonly string[];
}
const cases: readonly Case[] = [
  { name: "a new trace", listener: "all" },
  { name: "sampled before", listener: "all", fields: [`traceparent: 00-${trace}-${parent}-01`, "tracestate: a=1,b=2"] },
  { name: "not sampled before", listener: "all", fields: [`traceparent: 00-${trace}-${parent}-00`] },
  { name: "state without a trace", listener: "all", fields: ["tracestate: a=1"] },
  {
    name: "a state in two fields",
    listener: "all",
    fields: [`traceparent: 00-${trace}-${parent}-01`, "tracestate: a=1", "tracestate: b=2"],
  },
  { name: "all zero", listener: "all", fields: [`traceparent: 00-${"0".repeat(32)}-${parent}-01`] },
  { name: "too short", listener: "all", fields: ["traceparent: 00-12-34-01"] },
  { name: "a later version", listener: "all", fields: [`traceparent: 01-${trace}-${parent}-01`] },
  {
    name: "an id within the share",
    listener: "one-percent",
    fields: ["x-request-id: 00000063-0000-4000-8000-000000000000"],
  },
  { name: "an id outside it", listener: "one-percent", fields: [`x-request-id: ${uuid("4")}`] },
  { name: "an id that was sampled", listener: "one-percent", fields: [`x-request-id: ${uuid("9")}`] },
  { name: "an id that was forced", listener: "one-percent", fields: [`x-request-id: ${uuid("a")}`] },
  { name: "an id of another kind", listener: "one-percent", fields: ["x-request-id: mine"] },
  {
    name: "a client that asks",
    listener: "one-percent",
    fields: [`x-request-id: ${uuid("4")}`, "x-client-trace-id: c"],
  },
  {
    name: "a sampled context outside the share",
    listener: "one-percent",
    fields: [`x-request-id: ${uuid("4")}`, `traceparent: 00-${trace}-${parent}-01`],
  },
  { name: "outbound", listener: "outbound" },
  { name: "a failure", listener: "outbound", path: "/500" },
  { name: "a client's mistake, outbound", listener: "outbound", path: "/404" },
  { name: "a client's mistake, inbound", listener: "all", path: "/404" },
  { name: "no route", listener: "all", path: "/none" },
  { name: "rewritten", listener: "all", path: "/old/a?b=1" },
  { name: "answered here", listener: "all", path: "/direct" },
];

function bootstrap(upstream: number, collector: number, log: string): unknown {
  const listener = (name: Case["listener"], traffic_direction: string, tracing: object): object => ({
    name,
    address: address(0),
    traffic_direction,
    filter_chains: [
      {
        filters: [
          {
            name: "http",
            typed_config: {
              ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
              stat_prefix: name,
              http_filters: [{ name: "router", typed_config: type("extensions.filters.http.router.v3.Router") }],
              route_config: {
                name,
                virtual_hosts: [
                  {
                    name,
                    domains: ["*"],
                    routes: [
                      { match: { prefix: "/direct" }, direct_response: { status: 200 } },
                      { match: { prefix: "/old" }, route: { cluster: "up", prefix_rewrite: "/new" } },
                      ...["/500", "/404", "/case"].map((prefix) => ({ match: { prefix }, route: { cluster: "up" } })),
                    ],
                  },
                ],
              },
              tracing: {
                ...tracing,
                provider: {
                  name: "envoy.tracers.opentelemetry",
                  typed_config: {
                    ...type("config.trace.v3.OpenTelemetryConfig"),
                    service_name: "shop",
                    http_service: {
                      http_uri: { uri: "http://collector/v1/traces", cluster: "collector", timeout: "1s" },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    ],
  });
  const cluster = (name: string, port: number): object => ({
    name,
    type: "STATIC",
    connect_timeout: "2s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }] },
  });
  writeFileSync(log, "");
  return {
    node: { id: "tracing", cluster: "c", locality: { zone: "z1" } },
    admin: { address: address(0) },
    static_resources: {
      listeners: [
        listener("all", "INBOUND", {}),
        listener("one-percent", "INBOUND", { random_sampling: { value: 1 } }),
        listener("outbound", "OUTBOUND", { random_sampling: { value: 100 } }),
      ],
      clusters: [cluster("up", upstream), cluster("collector", collector)],
    },
  };
}

/** What one case showed: what the upstream was told, and the span, identifiers told by where they come from. */
interface Shown {
  readonly told: string;
  readonly spans: readonly unknown[];
}

async function observe(
  ports: Readonly<Record<string, number>>,
  up: RawUpstream,
  collector: Collector,
  flush: () => void,
): Promise<Shown[]> {
  const heads: string[] = [];
  for (const { listener, path = "/case", fields = [] } of cases) {
    const before = up.received.join("").length;
    const client = await RawClient.open(ports[listener] ?? 0);
    const head = [`GET ${path} HTTP/1.1`, "host: a.example", "user-agent: t", "connection: close", ...fields];
    await client.send(`${head.join("\r\n")}\r\n\r\n`).untilClosed();
    client.close();
    heads.push(up.received.join("").slice(before).toLowerCase());
  }
  flush();
  // Envoy sends what waits every five seconds.
  for (let i = 0; i < 80 && collector.spans.length < sampled; i++) await sleep(100);
  await sleep(200);
  return cases.map((_, i) => show(heads[i] ?? "", collector.spans, i));
}

/** Cases that make a span: the client of each waits for its answer, so they come in this order. */
const spanless = new Set([
  "not sampled before",
  "all zero",
  "too short",
  "an id outside it",
  "an id of another kind",
  "a sampled context outside the share",
]);
const sampled = cases.filter(({ name }) => !spanless.has(name)).length;

function show(head: string, spans: readonly CollectedSpan[], index: number): Shown {
  const position = cases.slice(0, index).filter(({ name }) => !spanless.has(name)).length;
  const own = spanless.has(cases[index]?.name ?? "") ? undefined : spans[position];
  const known = (id: string): string => (id === trace ? "the client's" : id === "" ? "none" : "new");
  // Envoy writes an empty tracestate where there is none; W3C lets it, and wants none: it is left out here.
  const told = [...head.matchAll(/^(traceparent|tracestate|x-request-id): ?(\S.*)\r$/gm)]
    .map(([, name = "", value = ""]) => {
      if (name !== "traceparent") return `${name}: ${name === "tracestate" ? value : digit(value)}`;
      const [version, id = "", span = "", flags] = value.split("-");
      const of = span === own?.spanId ? "of the span" : span === parent ? "the client's" : "new";
      return `${name}: ${[version, id === own?.traceId || id === trace ? known(id) : "new", of, flags].join(" ")}`;
    })
    .sort()
    .join("\n");
  if (own === undefined) return { told, spans: [] };
  const { "guid:x-request-id": id = "", ...attributes } = own.attributes;
  const { name, kind, code, traceState, nanos } = own;
  const rest = { name, kind, code, traceState, took: nanos > 0, id: digit(id) };
  return { told, spans: [{ ...rest, trace: known(own.traceId), parent: own.parentSpanId, attributes }] };
}

/** An identifier may be new each time; the digit that says why it is traced is not. */
const digit = (id: string): string => (id.length === 36 ? `${id.length} ${id[14]}` : id);

describePart("Spans beside Envoy's", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-"));
  let ours: Shown[];
  let theirs: Shown[];
  const script = (received: string, socket: { write(text: string): unknown }): void => {
    const status = /^GET \/(500|404)/.exec(received)?.[1] ?? "200";
    socket.write(response("ok", `HTTP/1.1 ${status} X`));
  };

  beforeAll(async () => {
    for (const engine of ["bundled", "envoy"] as const) {
      const [up, collector] = [await RawUpstream.start(script), await Collector.start()];
      const log = join(dir, `${engine}.log`);
      const config = bootstrap(up.port, collector.port, log);
      if (engine === "envoy") {
        const running = await startEnvoy(envoy, config, log, dir);
        theirs = await observe(running.ports, up, collector, () => undefined);
        await running.end();
      } else {
        const worker = new Worker();
        const loader = new Loader(worker, () => undefined);
        const read = readBootstrap({ value: config });
        if (!read.ok) throw new Error(JSON.stringify(read.errors));
        expect(await loader.load(read.bootstrap)).toEqual([]);
        const ports = Object.fromEntries([...worker.listeners()].map(({ name, port }) => [name, port]));
        ours = await observe(ports, up, collector, () => loader.flush());
        worker.close();
        loader.close();
      }
      collector.close();
      await up.close();
    }
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(cases.map(({ name }, i) => [name, i] as const))("%s", (_name, i) => {
    expect(ours[i]).toEqual(theirs[i]);
  });
});
