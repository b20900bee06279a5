import type { ChainConfig, ListenerConfig, WorkerConfig } from "../worker-config";
import type { ClusterConfig } from "../upstream/config";
import { compileCluster } from "./compile-cluster";
import { CompileContext, type CompileServices } from "./compile-context";
import { compileHttp } from "./compile-http";
import type { Bootstrap, ConfigError, FilterChain, Listener, ReadResult } from "./messages";

import type { Steps } from "./steps";

export type { CompileServices } from "./compile-context";

/** Envoy's default for listener filters. */
const inspectTimeout = 15_000;

/**
 * Turns a configuration that was read and checked into the plain objects that serve requests. All or nothing: with any
 * error there is no result, and what is not served yet is such an error. Yields between two routes, clusters and chains.
 */
export function* compile(bootstrap: Bootstrap, services: CompileServices): Steps<ReadResult<WorkerConfig>> {
  const resources = bootstrap.static_resources;
  const clusters = resources?.clusters ?? [];
  const context = new CompileContext(
    services,
    resources?.secrets ?? [],
    new Set(clusters.map((c) => c.name)),
    programSize(bootstrap),
  );
  context.unserved("dynamic_resources", bootstrap.dynamic_resources !== undefined);
  const config: { clusters: ClusterConfig[]; listeners: ListenerConfig[] } = { clusters: [], listeners: [] };
  for (const [i, cluster] of clusters.entries()) {
    const compiled = compileCluster(cluster, `static_resources.clusters[${i}]`, context);
    if (compiled !== undefined) config.clusters.push(compiled);
    yield;
  }
  for (const [i, listener] of (resources?.listeners ?? []).entries()) {
    const compiled = yield* compileListener(listener, `static_resources.listeners[${i}]`, context);
    if (compiled !== undefined) config.listeners.push(compiled);
  }
  repeated(
    clusters.map((c) => c.name),
    "static_resources.clusters",
    context.errors,
  );
  repeated(
    config.listeners.map((l) => l.name),
    "static_resources.listeners",
    context.errors,
  );
  return context.errors.length > 0 ? { ok: false, errors: context.errors } : { ok: true, value: config };
}

function repeated(names: readonly string[], path: string, errors: ConfigError[]): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (seen.has(name)) errors.push({ path: `${path}[${i}].name`, message: `'${name}' is used already` });
    seen.add(name);
  });
}

/** Envoy's limit for RE2 programs; the runtime's last layer that says one wins. */
function programSize(bootstrap: Bootstrap): number {
  let size = 100;
  for (const layer of bootstrap.layered_runtime?.layers ?? []) {
    const value = layer.static_layer?.["re2.max_program_size.error_level"];
    if (typeof value === "number") size = value;
  }
  return size;
}

function* compileListener(
  listener: Listener,
  path: string,
  context: CompileContext,
): Steps<ListenerConfig | undefined> {
  context.unserved(`${path}.default_filter_chain`, listener.default_filter_chain !== undefined);
  context.unserved(`${path}.continue_on_listener_filters_timeout`, listener.continue_on_listener_filters_timeout);
  const address = listener.address?.socket_address;
  if (address === undefined) {
    context.error(`${path}.address`, "is missing");
    return undefined;
  }
  const chains: ChainConfig[] = [];
  for (const [i, chain] of listener.filter_chains.entries()) {
    const compiled = yield* compileChain(chain, listener, i, `${path}.filter_chains[${i}]`, context);
    if (compiled !== undefined) chains.push(compiled);
  }
  return {
    name: listener.name === "" ? `${address.address}_${address.port_value ?? 0}` : listener.name,
    address: address.address,
    port: address.port_value ?? 0,
    inspects: listener.listener_filters.length > 0,
    inspectTimeout: listener.listener_filters_timeout ?? inspectTimeout,
    chains,
  };
}

function* compileChain(
  chain: FilterChain,
  listener: Listener,
  index: number,
  path: string,
  context: CompileContext,
): Steps<ChainConfig | undefined> {
  const match = chain.filter_chain_match;
  const at = `${path}.filter_chain_match`;
  context.unserved(`${at}.application_protocols`, (match?.application_protocols.length ?? 0) > 0);
  context.unserved(`${at}.server_names`, (match?.server_names.length ?? 0) > 0);
  context.unserved(`${at}.destination_port`, match?.destination_port !== undefined);
  context.unserved(`${at}.prefix_ranges`, (match?.prefix_ranges.length ?? 0) > 0);
  context.unserved(`${at}.source_prefix_ranges`, (match?.source_prefix_ranges.length ?? 0) > 0);
  const manager = chain.filters[0]?.typed_config;
  if (
    chain.filters.length !== 1 ||
    manager?.["@type"] !== "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
  ) {
    context.error(
      `${path}.filters`,
      "this version of the bundled data plane serves one filter a chain, http_connection_manager",
    );
    return undefined;
  }
  const tls = chain.transport_socket?.typed_config;
  const handshake = chain.transport_socket_connect_timeout ?? 0;
  const secured =
    tls &&
    context.try(`${path}.transport_socket`, () => context.services.downstreamTls(tls, context.secrets, handshake));
  const http = yield* compileHttp(manager, listener, `${path}.filters[0].typed_config`, context);
  if (http === undefined || (tls !== undefined && secured === undefined)) return undefined;
  return {
    key: `${chain.name === "" ? index : chain.name}|${match?.transport_protocol ?? ""}|${secured?.key ?? "plain"}`,
    transport: match?.transport_protocol ?? "",
    tls: secured,
    http,
  };
}
