import type { FilterChain, Metadata } from "../filters/filter";
import type { HeaderRules, RouteAction } from "./action";
import type { RouteCondition, RouteInput } from "./conditions";
import type { PathTest } from "./matchers";

/** One route: the first whose path and conditions hold is taken. */
export class Route {
  constructor(
    readonly name: string,
    private readonly path: PathTest,
    private readonly conditions: readonly RouteCondition[],
    readonly action: RouteAction,
    /** Of this route, its virtual host and the table, in the order in which they apply; undefined when there are none. */
    readonly headers: HeaderRules | undefined,
    /** With what this route changes; undefined: the connection manager's. */
    readonly filters: FilterChain | undefined = undefined,
    /** Envoy's filter_metadata, by namespace. */
    readonly metadata: Metadata | undefined = undefined,
  ) {}

  matches(input: RouteInput): boolean {
    if (!this.path.matches(input.pathname)) return false;
    for (const condition of this.conditions) if (!condition.holds(input)) return false;
    return true;
  }
}

export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
  /** Whose requests must have come by TLS; the others are sent there. Undefined: nobody's. */
  readonly requireTls?: "external" | "all" | undefined;
}

/** To the same address by https. */
const toHttps = new Route(
  "",
  { matches: () => true },
  [],
  {
    kind: "redirect",
    status: 301,
    scheme: "https",
    host: "",
    port: 0,
    path: "",
    rewrite: undefined,
    stripQuery: false,
  },
  undefined,
);

interface Wildcard {
  readonly fixed: string;
  readonly host: VirtualHost;
}

/** Virtual hosts by domain, with Envoy's precedence: exact, longest `*suffix`, longest `prefix*`, then `*`. */
export class RouteTable {
  private readonly exact = new Map<string, VirtualHost>();
  private readonly suffixes: Wildcard[] = [];
  private readonly prefixes: Wildcard[] = [];
  private any: VirtualHost | undefined;

  constructor(
    readonly name: string,
    readonly virtualHosts: readonly VirtualHost[],
    private readonly ignorePort = false,
  ) {
    for (const host of virtualHosts) for (const domain of host.domains) this.enter(domain.toLowerCase(), host);
    const longestFirst = (a: Wildcard, b: Wildcard): number => b.fixed.length - a.fixed.length;
    this.suffixes.sort(longestFirst);
    this.prefixes.sort(longestFirst);
  }

  private enter(domain: string, host: VirtualHost): void {
    if (domain === "*") this.any ??= host;
    else if (domain.startsWith("*")) this.suffixes.push({ fixed: domain.slice(1), host });
    else if (domain.endsWith("*")) this.prefixes.push({ fixed: domain.slice(0, -1), host });
    else if (!this.exact.has(domain)) this.exact.set(domain, host);
  }

  /** The virtual host of an authority, any case. */
  virtualHost(authority: string): VirtualHost | undefined {
    if (this.virtualHosts.length === 1 && this.any !== undefined) return this.any;
    let name = authority.toLowerCase();
    if (this.ignorePort) name = name.replace(/:\d+$/, "");
    const exact = this.exact.get(name);
    if (exact !== undefined) return exact;
    // A wildcard stands for at least one character.
    for (const { fixed, host } of this.suffixes) if (name.length > fixed.length && name.endsWith(fixed)) return host;
    for (const { fixed, host } of this.prefixes) if (name.length > fixed.length && name.startsWith(fixed)) return host;
    return this.any;
  }

  route(input: RouteInput): Route | undefined {
    const host = this.virtualHost(input.authority);
    if (host === undefined) return undefined;
    if (host.requireTls !== undefined && mustUseTls(host.requireTls, input)) return toHttps;
    for (const route of host.routes) if (route.matches(input)) return route;
    return undefined;
  }
}

function mustUseTls(whose: "external" | "all", { headers, scheme }: RouteInput): boolean {
  if ((headers.lookup("x-forwarded-proto") ?? scheme) === "https") return false;
  return whose === "all" || headers.lookup("x-envoy-internal") !== "true";
}
