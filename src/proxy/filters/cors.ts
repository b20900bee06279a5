import type { Fraction } from "../core/fraction";
import { Flag } from "../core/flags";
import type { HeaderList } from "../core/header-list";
import type { HeaderMutation } from "../routing/header-mutation";
import type { StringTest } from "../routing/matchers";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";
import { isPreflight } from "./jwt";

/** One level's policy, or several merged: what a more specific level leaves open comes from the next. */
export interface CorsPolicy {
  readonly enabled: Fraction;
  readonly origins: readonly StringTest[];
  readonly methods: string;
  readonly headers: string;
  readonly exposed: string;
  readonly maxAge: string;
  readonly credentials: boolean;
}

export class CorsStats {
  origin_valid = 0;
  origin_invalid = 0;
}

/** Answers preflight requests, and tells browsers which origins may read a response. */
export class CorsFilter implements HttpFilter {
  readonly hooks = Hook.Request | Hook.Response;

  constructor(
    readonly name: string,
    private readonly policy: CorsPolicy,
    private readonly stats: CorsStats,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    const { policy } = this;
    const origin = exchange.headers.lookup("origin") ?? "";
    if (origin === "" || !policy.enabled.holds(exchange.runtime.random)) return Verdict.Continue;
    const allowed = policy.origins.some((test) => test.test("*") || test.test(origin));
    if (allowed) this.stats.origin_valid++;
    else this.stats.origin_invalid++;
    if (allowed) exchange.corsOrigin = origin;
    // A preflight of another origin goes to the upstream, as Envoy lets it.
    if (!allowed || !isPreflight(exchange)) return Verdict.Continue;
    exchange.reply(200, "", Flag.None, "cors_response", this.preflight(exchange));
    return Verdict.Replied;
  }

  private preflight({ headers }: FilteredExchange): HeaderMutation[] {
    const { policy } = this;
    const methods = policy.methods === "*" ? (headers.lookup("access-control-request-method") ?? "") : policy.methods;
    const allowed = policy.headers === "*" ? (headers.lookup("access-control-request-headers") ?? "") : policy.headers;
    const fields: [string, string][] = [
      ["access-control-allow-methods", methods],
      ["access-control-allow-headers", allowed],
      ["access-control-max-age", policy.maxAge],
    ];
    return fields
      .filter(([, value]) => value !== "")
      .map(([name, value]) => ({ name, value, action: "overwrite" as const }));
  }

  onResponse(exchange: FilteredExchange, headers: HeaderList): void {
    if (exchange.corsOrigin === "") return;
    headers.put("access-control-allow-origin", exchange.corsOrigin);
    if (this.policy.credentials) headers.put("access-control-allow-credentials", "true");
    if (this.policy.exposed !== "") headers.put("access-control-expose-headers", this.policy.exposed);
  }
}
