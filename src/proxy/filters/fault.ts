import { Flag } from "../core/flags";
import type { Fraction } from "../core/fraction";
import type { RouteCondition } from "../routing/conditions";
import type { HeaderMutation } from "../routing/header-mutation";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";

/** Shared by all configurations of one connection manager's fault filters. */
export class FaultStats {
  delays_injected = 0;
  aborts_injected = 0;
  faults_overflow = 0;
  active_faults = 0;
}

export interface FaultConfig {
  readonly delay: { readonly ms: number; readonly share: Fraction } | undefined;
  /** Either of the two statuses; undefined: no abort. */
  readonly abort:
    | { readonly httpStatus: number | undefined; readonly grpcStatus: number | undefined; readonly share: Fraction }
    | undefined;
  /** All must hold. */
  readonly conditions: readonly RouteCondition[];
  /** Requests with a fault at one time; Infinity: any number. */
  readonly maxActive: number;
}

/** Delays and aborts a share of requests: first the delay, and after it maybe the abort. */
export class FaultFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly config: FaultConfig,
    private readonly stats: FaultStats,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    const { config, stats } = this;
    if (stats.active_faults >= config.maxActive) {
      stats.faults_overflow++;
      return Verdict.Continue;
    }
    for (const condition of config.conditions) if (!condition.holds(exchange)) return Verdict.Continue;
    const { delay } = config;
    if (delay !== undefined && delay.ms > 0 && delay.share.holds(exchange.runtime.random)) {
      stats.delays_injected++;
      this.charge(exchange);
      exchange.flag(Flag.DelayInjected);
      exchange.delay(delay.ms, this);
      return Verdict.Stop;
    }
    return this.onDelayOver(exchange);
  }

  onDelayOver(exchange: FilteredExchange): Verdict {
    const { abort } = this.config;
    if (abort === undefined || !abort.share.holds(exchange.runtime.random)) return Verdict.Continue;
    this.stats.aborts_injected++;
    this.charge(exchange);
    const { status, extra } = abortAnswer(exchange, abort.httpStatus, abort.grpcStatus);
    exchange.reply(status, "fault filter abort", Flag.FaultInjected, "fault_filter_abort", extra);
    return Verdict.Replied;
  }

  /** One active fault a request, given back when it ends. */
  private charge(exchange: FilteredExchange): void {
    if (exchange.activeFaults !== null) return;
    this.stats.active_faults++;
    exchange.activeFaults = this;
  }

  release(): void {
    this.stats.active_faults--;
  }
}

/** A gRPC status becomes the HTTP status that Envoy maps it to where the request is no gRPC. */
function abortAnswer(
  exchange: FilteredExchange,
  httpStatus: number | undefined,
  grpcStatus: number | undefined,
): { readonly status: number; readonly extra: readonly HeaderMutation[] } {
  if (grpcStatus === undefined) return { status: httpStatus ?? 503, extra: [] };
  const type = exchange.headers.lookup("content-type") ?? "";
  if (!/^application\/grpc(\+|$)/.test(type)) return { status: httpOfGrpc(grpcStatus), extra: [] };
  return { status: 200, extra: [{ name: "grpc-status", value: String(grpcStatus), action: "overwrite" }] };
}

const grpcToHttp: ReadonlyMap<number, number> = new Map([
  [0, 200],
  [1, 499],
  [3, 400],
  [4, 504],
  [5, 404],
  [6, 409],
  [7, 403],
  [8, 429],
  [9, 400],
  [10, 409],
  [11, 400],
  [12, 501],
  [14, 503],
  [16, 401],
]);

function httpOfGrpc(status: number): number {
  return grpcToHttp.get(status) ?? 500;
}
