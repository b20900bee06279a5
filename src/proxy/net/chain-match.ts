import { addressBytes, type CidrRange } from "../authz/cidr";

/** What a connection must be for a filter chain to serve it. Empty and undefined: anything. */
export interface ChainMatch {
  readonly destinationPort: number | undefined;
  readonly destinations: readonly CidrRange[];
  /** In lower case; `*.a.example` stands for every name that ends with `.a.example`. */
  readonly serverNames: readonly string[];
  /** `tls`, `raw_buffer`, or empty. */
  readonly transport: string;
  /** Protocols that the client offers by ALPN. */
  readonly protocols: readonly string[];
  readonly sources: readonly CidrRange[];
}

export const anyConnection: ChainMatch = {
  destinationPort: undefined,
  destinations: [],
  serverNames: [],
  transport: "",
  protocols: [],
  sources: [],
};

/** What is known of a connection before anything is served on it. */
export interface ConnectionFacts {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly serverName: string;
  /** `tls`, `raw_buffer`, or empty where nobody looked. */
  readonly transport: string;
  readonly protocols: readonly string[];
}

interface Matched {
  readonly match: ChainMatch;
}

/** How well a chain fits in one respect: the highest of all goes on, below 0 none does. */
type Fit = (match: ChainMatch, facts: ConnectionFacts) => number;

/** Envoy's order. In each respect only the best fits stay, and nobody comes back who fits better in a later one. */
const respects: readonly Fit[] = [
  ({ destinationPort: port }, facts) => (port === undefined ? 0 : port === facts.localPort ? 1 : -1),
  ({ destinations }, facts) => longestRange(destinations, facts.localAddress),
  ({ serverNames }, facts) => longestName(serverNames, facts.serverName),
  ({ transport }, facts) => (transport === "" ? 0 : transport === facts.transport ? 1 : -1),
  ({ protocols }, facts) => firstProtocol(protocols, facts.protocols),
  ({ sources }, facts) => longestRange(sources, facts.remoteAddress),
];

/** The chain that fits best; undefined when none fits. */
export function chooseChain<T extends Matched>(chains: readonly T[], facts: ConnectionFacts): T | undefined {
  let left = chains;
  for (const fit of respects) {
    let best = 0;
    let fitting: T[] = [];
    for (const chain of left) {
      const how = fit(chain.match, facts);
      if (how < best) continue;
      if (how > best) fitting = [];
      best = how;
      fitting.push(chain);
    }
    left = fitting;
  }
  return left[0];
}

function longestRange(ranges: readonly CidrRange[], address: string): number {
  if (ranges.length === 0) return 0;
  const bytes = addressBytes(address);
  let longest = -1;
  // A range of length 0 still fits better than none.
  for (const range of ranges) if (range.contains(bytes)) longest = Math.max(longest, range.length + 1);
  return longest;
}

function longestName(names: readonly string[], wanted: string): number {
  if (names.length === 0) return 0;
  let longest = -1;
  for (const name of names) {
    if (name === wanted) return Infinity;
    const suffix = name.startsWith("*.") ? name.slice(1) : "";
    if (suffix !== "" && wanted.length > suffix.length && wanted.endsWith(suffix))
      longest = Math.max(longest, suffix.length);
  }
  return longest;
}

function firstProtocol(protocols: readonly string[], offered: readonly string[]): number {
  if (protocols.length === 0) return 0;
  const first = offered.findIndex((protocol) => protocols.includes(protocol));
  return first < 0 ? -1 : offered.length - first;
}

/** Every combination of conditions that a chain has, as text: two chains with one in common cannot be told apart. */
export function combinations({ match }: Matched): readonly string[] {
  const parts: (readonly string[])[] = [
    [String(match.destinationPort ?? "")],
    match.destinations.map(String),
    match.serverNames,
    [match.transport],
    match.protocols,
    match.sources.map(String),
  ];
  return parts.reduce<readonly string[]>(
    (all, part) => all.flatMap((before) => (part.length === 0 ? [""] : part).map((one) => `${before}|${one}`)),
    [""],
  );
}
