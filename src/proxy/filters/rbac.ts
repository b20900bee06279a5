import type { AuditLog } from "../authz/audit";
import type { RbacRules } from "../authz/rbac";
import { Flag } from "../core/flags";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";

/** Counters as Envoy names them, under the filter's prefixes. */
export class RbacStats {
  allowed = 0;
  denied = 0;
}

export class RbacShadowStats {
  shadow_allowed = 0;
  shadow_denied = 0;
}

/** Lets requests through or refuses them by rules; shadow rules only count and tell. */
export class RbacFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly rules: RbacRules | undefined,
    private readonly shadow: RbacRules | undefined,
    private readonly stats: RbacStats,
    private readonly shadowStats: RbacShadowStats,
    private readonly audit: AuditLog,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    const { rules, shadow, stats, shadowStats } = this;
    if (shadow !== undefined) {
      const { allowed, policy } = shadow.judge(exchange);
      if (allowed) shadowStats.shadow_allowed++;
      else {
        shadowStats.shadow_denied++;
        this.audit.denied(exchange, {
          filter: this.name,
          action: shadow.action,
          policy: policy ?? "none",
          shadow: true,
        });
      }
    }
    if (rules === undefined) return Verdict.Continue;
    const { allowed, policy } = rules.judge(exchange);
    if (allowed) {
      stats.allowed++;
      return Verdict.Continue;
    }
    stats.denied++;
    const name = policy ?? "none";
    this.audit.denied(exchange, { filter: this.name, action: rules.action, policy: name, shadow: false });
    exchange.reply(
      403,
      "RBAC: access denied",
      Flag.None,
      `rbac_access_denied_matched_policy[${name.replace(/\s/g, "_")}]`,
    );
    return Verdict.Replied;
  }
}
