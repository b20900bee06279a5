import { Flag } from "../core/flags";
import type { Fraction } from "../core/fraction";
import type { HeaderMutation } from "../routing/header-mutation";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";
import { TokenBucket } from "./token-bucket";

/** Counters as Envoy names them, under the limit's `stat_prefix`. */
export class RateLimitStats {
  enabled = 0;
  ok = 0;
  rate_limited = 0;
  enforced = 0;
}

/** One key of a request with its value. */
export type Entry = readonly [key: string, value: string];

/** What one rate limit says of a request: its entries, or undefined where an action finds nothing. */
export interface DescriptorAction {
  entry(request: FilteredExchange): Entry | undefined | "skip";
}

/** Envoy's default for values of a descriptor that names none: as many have a bucket at one time. */
const maxDynamic = 20;

export interface BucketSpec {
  readonly maxTokens: number;
  readonly tokensPerFill: number;
  readonly fillInterval: number;
}

/** Requests whose entries are these. An entry without a value stands for any, each of which has a bucket of its own. */
export class Descriptor {
  private readonly fixed: TokenBucket | undefined;
  private readonly dynamic = new Map<string, TokenBucket>();

  constructor(
    private readonly entries: readonly Entry[],
    private readonly spec: BucketSpec,
  ) {
    if (entries.every(([, value]) => value !== "")) this.fixed = newBucket(spec);
  }

  /** The bucket of a request with these entries; undefined when they are others. */
  bucketOf(found: readonly Entry[]): TokenBucket | undefined {
    const { entries } = this;
    if (found.length !== entries.length) return undefined;
    for (let i = 0; i < entries.length; i++) {
      const [key, value] = entries[i] as Entry;
      const [foundKey, foundValue] = found[i] as Entry;
      if (key !== foundKey || (value !== "" && value !== foundValue)) return undefined;
    }
    return this.fixed ?? this.dynamicBucket(found.map(([, value]) => value).join("\0"));
  }

  private dynamicBucket(values: string): TokenBucket {
    let found = this.dynamic.get(values);
    // The one used longest ago makes room.
    if (found !== undefined) this.dynamic.delete(values);
    else if (this.dynamic.size >= maxDynamic)
      for (const oldest of this.dynamic.keys()) {
        this.dynamic.delete(oldest);
        break;
      }
    found ??= newBucket(this.spec);
    this.dynamic.set(values, found);
    return found;
  }
}

export function newBucket({ maxTokens, tokensPerFill, fillInterval }: BucketSpec): TokenBucket {
  return new TokenBucket(maxTokens, tokensPerFill, fillInterval);
}

export interface RateLimitConfig {
  readonly status: number;
  readonly enabled: Fraction;
  readonly enforced: Fraction;
  /** Undefined: no limit beside the descriptors'. Shared by all filters of one configuration. */
  readonly bucket: TokenBucket | undefined;
  readonly descriptors: readonly Descriptor[];
  /** One list of actions a descriptor that a request may have. */
  readonly actions: readonly (readonly DescriptorAction[])[];
  readonly responseHeaders: readonly HeaderMutation[];
}

/** Lets as many requests through as its buckets have tokens. Buckets are this worker's. */
export class LocalRateLimitFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly config: RateLimitConfig,
    private readonly stats: RateLimitStats,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    const { config, stats } = this;
    const { random } = exchange.runtime;
    if (!config.enabled.holds(random)) return Verdict.Continue;
    stats.enabled++;
    if (this.allows(exchange)) {
      stats.ok++;
      return Verdict.Continue;
    }
    stats.rate_limited++;
    if (!config.enforced.holds(random)) return Verdict.Continue;
    stats.enforced++;
    const { status, responseHeaders } = config;
    exchange.reply(status, "local_rate_limited", Flag.RateLimited, "local_rate_limited", responseHeaders);
    return Verdict.Replied;
  }

  private allows(exchange: FilteredExchange): boolean {
    const now = exchange.runtime.clock.now();
    if (this.config.descriptors.length > 0) {
      const matched = this.matched(exchange);
      for (const one of matched) if (!one.take(now)) return false;
    }
    return this.config.bucket === undefined || this.config.bucket.take(now);
  }

  private matched(exchange: FilteredExchange): TokenBucket[] {
    const found: TokenBucket[] = [];
    for (const actions of this.config.actions) {
      const entries = entriesOf(actions, exchange);
      if (entries === undefined) continue;
      for (const descriptor of this.config.descriptors) {
        const one = descriptor.bucketOf(entries);
        if (one !== undefined) {
          found.push(one);
          break;
        }
      }
    }
    return found.sort((a, b) => a.rate - b.rate);
  }
}

function entriesOf(actions: readonly DescriptorAction[], exchange: FilteredExchange): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const action of actions) {
    const entry = action.entry(exchange);
    if (entry === undefined) return undefined;
    if (entry !== "skip") entries.push(entry);
  }
  return entries.length === 0 ? undefined : entries;
}
