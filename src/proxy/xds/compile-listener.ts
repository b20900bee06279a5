/** Listeners and their filter chains. */
import { CidrRange } from "../authz/cidr";
import { anyConnection, combinations, type ChainMatch } from "../net/chain-match";
import type { ChainConfig, ListenerConfig } from "../worker-config";
import type { CompileContext } from "./compile-context";
import { compileHttp } from "./compile-http";
import type { CidrRange as CidrMessage, FilterChain, FilterChainMatch, Listener } from "./messages";
import type { Steps } from "./steps";

/** Envoy's default for listener filters. */
const inspectTimeout = 15_000;

export function* compileListener(
  listener: Listener,
  path: string,
  context: CompileContext,
): Steps<ListenerConfig | undefined> {
  const address = listener.address?.socket_address;
  if (address === undefined) {
    context.error(`${path}.address`, "is missing");
    return undefined;
  }
  const chains: ChainConfig[] = [];
  const before = context.errors.length;
  for (const [i, chain] of listener.filter_chains.entries()) {
    const compiled = yield* compileChain(chain, listener, String(i), `${path}.filter_chains[${i}]`, context);
    if (compiled !== undefined) chains.push(compiled);
  }
  const { default_filter_chain: last } = listener;
  if (last?.filter_chain_match !== undefined)
    context.error(`${path}.default_filter_chain.filter_chain_match`, "default filter chain matches what no other does");
  const defaultChain =
    last && (yield* compileChain(last, listener, "default", `${path}.default_filter_chain`, context));
  if (listener.filter_chains.length === 0 && last === undefined)
    context.error(`${path}.filter_chains`, "no filter chains specified");
  // What was read in part would be said to be like another.
  if (context.errors.length === before) unlike(chains, path, context);
  return {
    name: listener.name === "" ? `${address.address}_${address.port_value ?? 0}` : listener.name,
    address: address.address,
    port: address.port_value ?? 0,
    inspects: inspects(chains, listener.listener_filters.length > 0),
    inspectTimeout: listener.listener_filters_timeout ?? inspectTimeout,
    servesLate: listener.continue_on_listener_filters_timeout,
    chains,
    defaultChain,
  };
}

/** As in Envoy nothing is known of TLS where the inspector is not listed. */
function inspects(chains: readonly ChainConfig[], listed: boolean): ListenerConfig["inspects"] {
  if (!listed) return "nothing";
  return chains.some(({ match }) => match.serverNames.length + match.protocols.length > 0) ? "hello" : "transport";
}

/** Of two chains with the same match none could be chosen. */
function unlike(chains: readonly ChainConfig[], path: string, context: CompileContext): void {
  const seen = new Map<string, string>();
  for (const chain of chains)
    for (const combination of combinations(chain)) {
      const other = seen.get(combination);
      if (other !== undefined && other !== chain.key)
        context.error(`${path}.filter_chains`, `filter chain '${chain.name}' has the same matching rules as another`);
      seen.set(combination, chain.key);
    }
}

function* compileChain(
  chain: FilterChain,
  listener: Listener,
  index: string,
  path: string,
  context: CompileContext,
): Steps<ChainConfig | undefined> {
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
  const match = compileMatch(chain.filter_chain_match, `${path}.filter_chain_match`, context);
  const http = yield* compileHttp(manager, listener, `${path}.filters[0].typed_config`, context);
  if (http === undefined || (tls !== undefined && secured === undefined)) return undefined;
  const name = chain.name === "" ? index : chain.name;
  return {
    name,
    key: [name, ...combinations({ match }), secured?.key ?? "plain"].join("\n"),
    match,
    tls: secured,
    http,
  };
}

function compileMatch(match: FilterChainMatch | undefined, path: string, context: CompileContext): ChainMatch {
  if (match === undefined) return anyConnection;
  const ranges = (field: "prefix_ranges" | "source_prefix_ranges"): CidrRange[] =>
    match[field]
      .map((range, i) => compileRange(range, `${path}.${field}[${i}]`, context))
      .filter((range) => range !== undefined);
  match.server_names.forEach((name, i) => {
    if (name.includes("*") && !name.startsWith("*."))
      context.error(`${path}.server_names[${i}]`, 'partial wildcards are not supported in "server_names"');
  });
  return {
    destinationPort: match.destination_port,
    destinations: ranges("prefix_ranges"),
    serverNames: match.server_names.map((name) => name.toLowerCase()),
    transport: match.transport_protocol,
    protocols: match.application_protocols,
    sources: ranges("source_prefix_ranges"),
  };
}

export function compileRange(range: CidrMessage, path: string, context: CompileContext): CidrRange | undefined {
  return context.try(path, () => new CidrRange(range.address_prefix, range.prefix_len ?? 0));
}
