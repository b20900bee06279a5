import type { RouteInput } from "./conditions";
import { Route } from "./route";
import type { RouteIndex } from "./route-index";

export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: RouteIndex;
  /** Whose requests must have come by TLS; the others are sent there. Undefined: nobody's. */
  readonly requireTls?: "external" | "all" | undefined;
}

/** To the same address by https. */
const toHttps = new Route(
  "",
  { literal: undefined, matches: () => true },
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

/** Wildcard domains, by the length of what is fixed about them, the longest first. */
class Wildcards {
  private readonly byLength = new Map<number, Map<string, VirtualHost>>();
  private lengths: readonly number[] = [];

  constructor(private readonly fixed: (name: string, length: number) => string) {}

  add(fixed: string, host: VirtualHost): void {
    let hosts = this.byLength.get(fixed.length);
    if (hosts === undefined) {
      this.byLength.set(fixed.length, (hosts = new Map()));
      this.lengths = [...this.byLength.keys()].sort((a, b) => b - a);
    }
    if (!hosts.has(fixed)) hosts.set(fixed, host);
  }

  find(name: string): VirtualHost | undefined {
    for (const length of this.lengths) {
      // A wildcard stands for at least one character.
      if (name.length <= length) continue;
      const host = this.byLength.get(length)?.get(this.fixed(name, length));
      if (host !== undefined) return host;
    }
    return undefined;
  }
}

/** Virtual hosts by domain, with Envoy's precedence: exact, longest `*suffix`, longest `prefix*`, then `*`. */
export class RouteTable {
  private readonly exact = new Map<string, VirtualHost>();
  private readonly suffixes = new Wildcards((name, length) => name.slice(-length));
  private readonly prefixes = new Wildcards((name, length) => name.slice(0, length));
  private any: VirtualHost | undefined;

  constructor(
    readonly name: string,
    readonly virtualHosts: readonly VirtualHost[],
    private readonly ignorePort = false,
  ) {
    for (const host of virtualHosts) for (const domain of host.domains) this.enter(domain.toLowerCase(), host);
  }

  private enter(domain: string, host: VirtualHost): void {
    if (domain === "*") this.any ??= host;
    else if (domain.startsWith("*")) this.suffixes.add(domain.slice(1), host);
    else if (domain.endsWith("*")) this.prefixes.add(domain.slice(0, -1), host);
    else if (!this.exact.has(domain)) this.exact.set(domain, host);
  }

  /** The virtual host of an authority, any case. */
  virtualHost(authority: string): VirtualHost | undefined {
    if (this.virtualHosts.length === 1 && this.any !== undefined) return this.any;
    let name = authority.toLowerCase();
    if (this.ignorePort) name = name.replace(/:\d+$/, "");
    return this.exact.get(name) ?? this.suffixes.find(name) ?? this.prefixes.find(name) ?? this.any;
  }

  route(input: RouteInput): Route | undefined {
    const host = this.virtualHost(input.authority);
    if (host === undefined) return undefined;
    if (host.requireTls !== undefined && mustUseTls(host.requireTls, input)) return toHttps;
    return host.routes.find(input);
  }
}

function mustUseTls(whose: "external" | "all", { headers, scheme }: RouteInput): boolean {
  if ((headers.lookup("x-forwarded-proto") ?? scheme) === "https") return false;
  return whose === "all" || headers.lookup("x-envoy-internal") !== "true";
}
