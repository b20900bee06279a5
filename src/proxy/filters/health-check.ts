import { Flag } from "../core/flags";
import type { RouteCondition } from "../routing/conditions";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";

/** Answers health checks here, without asking the upstream. */
export class HealthCheckFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly conditions: readonly RouteCondition[],
    /** Health checks go to the upstream too. */
    private readonly passThrough: boolean,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    if (this.passThrough || !this.conditions.every((c) => c.holds(exchange))) return Verdict.Continue;
    exchange.reply(200, "", Flag.None, "health_check_ok");
    return Verdict.Replied;
  }
}
