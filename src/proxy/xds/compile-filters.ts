/** Envoy's HTTP filters to the filters of each route. */
import type { DownstreamStats } from "../core/stats";
import { FilterChain, type HttpFilter } from "../filters/filter";
import type { CompileContext } from "./compile-context";
import { filterKinds, type FilterKind, type FilterScope, type HostLimits, type PerRouteConfig } from "./filter-kinds";
import type { HttpFilter as FilterMessage } from "./messages";

/** What one level (weighted cluster, route, virtual host) says of filters, and its path. */
export interface FilterLevel {
  readonly configs: ReadonlyMap<string, PerRouteConfig>;
  readonly path: string;
}

const none: HostLimits = [];

interface Entry {
  readonly name: string;
  readonly disabled: boolean;
  readonly kind: FilterKind;
}

/** The filters of one connection manager, from which each route gets its chain. */
export class FilterPlan {
  private readonly entries: readonly Entry[];
  private readonly chains = new Map<string, FilterChain>();
  /** Each configuration becomes one filter however many routes have it: its buckets and limits are shared. */
  private readonly ids = new Map<object, number>();

  constructor(filters: readonly FilterMessage[], path: string, stats: DownstreamStats, context: CompileContext) {
    this.entries = filters.flatMap((filter, i) => {
      const config = filter.typed_config;
      const at = `${path}[${i}]`;
      if (config === undefined) {
        context.error(at, "has no typed_config");
        return [];
      }
      if (config["@type"] === "envoy.extensions.filters.http.router.v3.Router") {
        context.unserved(`${at}.disabled`, filter.disabled);
        context.unserved(`${at}.typed_config.respect_expected_rq_timeout`, config.respect_expected_rq_timeout);
        return [];
      }
      const scope: FilterScope = { name: filter.name, path: `${at}.typed_config`, stats, context };
      return [{ name: filter.name, disabled: filter.disabled, kind: filterKinds(config, scope) }];
    });
  }

  /** Requests without a route have the chain that no route changes. */
  get base(): FilterChain {
    return this.chain([]);
  }

  /** `levels`: the most specific first. `limits`: the virtual host's, for rate limits that name no actions. */
  chain(levels: readonly FilterLevel[], limits: HostLimits = none): FilterChain {
    const filters: HttpFilter[] = [];
    let key = limits.length === 0 ? "" : `${this.id(limits)}`;
    const chosen = this.entries.map((entry) => {
      const overrides = levels.flatMap(({ configs, path }) => {
        const config = configs.get(entry.name);
        return config === undefined ? [] : [{ config, path: `${path}.typed_per_filter_config["${entry.name}"]` }];
      });
      key += `|${overrides.map((o) => this.id(o.config)).join(",")}`;
      return overrides;
    });
    const known = this.chains.get(key);
    if (known !== undefined) return known;
    this.entries.forEach(({ kind, disabled }, i) => {
      const overrides = chosen[i] ?? [];
      const off = disabled && overrides.length === 0;
      const filter = off ? undefined : overrides.length > 0 ? kind.override(overrides, limits) : kind.base(limits);
      if (filter !== undefined) filters.push(filter);
    });
    const chain = filters.length === 0 ? FilterChain.none : new FilterChain(filters);
    this.chains.set(key, chain);
    return chain;
  }

  private id(of: object): number {
    let id = this.ids.get(of);
    if (id === undefined) this.ids.set(of, (id = this.ids.size + 1));
    return id;
  }
}
