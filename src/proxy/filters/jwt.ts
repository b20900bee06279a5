import type { AuditLog } from "../authz/audit";
import { Verification, type Requirement } from "../authz/jwt/requirement";
import { jwtStatus, type JwtStatus } from "../authz/jwt/status";
import { Flag } from "../core/flags";
import type { RouteCondition } from "../routing/conditions";
import type { PathTest } from "../routing/matchers";
import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";

/** Namespace of the metadata that the filter leaves: Envoy's. */
export const jwtNamespace = "envoy.filters.http.jwt_authn";
/** Longest address in `www-authenticate`. */
const maxRealm = 256;

export interface JwtRule {
  readonly path: PathTest;
  readonly conditions: readonly RouteCondition[];
  /** Undefined: nothing is required. */
  readonly requirement: Requirement | undefined;
}

export class JwtStats {
  allowed = 0;
  denied = 0;
  cors_preflight_bypassed = 0;
}

/** Verifies the tokens that the first rule for a request requires; claims go to the filters behind. */
export class JwtFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly rules: readonly JwtRule[],
    /** Of the route, in place of the rules. */
    private readonly override: Requirement | undefined,
    private readonly bypassPreflight: boolean,
    private readonly stats: JwtStats,
    private readonly audit: AuditLog,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    if (this.bypassPreflight && isPreflight(exchange)) {
      this.stats.cors_preflight_bypassed++;
      return Verdict.Continue;
    }
    const requirement = this.override ?? this.required(exchange);
    if (requirement === undefined) return this.pass();
    const { generation } = exchange;
    const verification = new Verification(exchange);
    const { claims } = verification;
    const status = requirement.verify(verification);
    if (typeof status === "string") return this.settle(exchange, status, claims);
    const settle = (result: JwtStatus): void => {
      if (!exchange.waits(generation)) return;
      if (this.settle(exchange, result, claims) === Verdict.Continue) exchange.resume(generation);
    };
    // A defect of ours must not let a request through, nor leave it waiting.
    status.then(settle, () => settle(jwtStatus.verificationFailed));
    return Verdict.Stop;
  }

  private required(exchange: FilteredExchange): Requirement | undefined {
    for (const rule of this.rules) {
      if (rule.path.matches(exchange.pathname) && rule.conditions.every((c) => c.holds(exchange)))
        return rule.requirement;
    }
    return undefined;
  }

  private settle(exchange: FilteredExchange, status: JwtStatus, claims: Record<string, unknown>): Verdict {
    if (status !== jwtStatus.ok) return this.deny(exchange, status);
    if (Object.keys(claims).length > 0) {
      exchange.dynamicMetadata ??= {};
      exchange.dynamicMetadata[jwtNamespace] = claims;
    }
    return this.pass();
  }

  private pass(): Verdict {
    this.stats.allowed++;
    return Verdict.Continue;
  }

  private deny(exchange: FilteredExchange, status: JwtStatus): Verdict {
    this.stats.denied++;
    this.audit.denied(exchange, { filter: this.name, action: "REQUIRE", policy: status, shadow: false });
    const path = exchange.query === "" ? exchange.pathname : `${exchange.pathname}?${exchange.query}`;
    const realm = `${exchange.scheme}://${exchange.authority}${path}`.slice(0, maxRealm);
    const error = status === jwtStatus.missing ? "" : ', error="invalid_token"';
    const challenge = {
      name: "www-authenticate",
      value: `Bearer realm="${realm.replace(/["\\]/g, "\\$&")}"${error}`,
      action: "overwrite",
    } as const;
    const code = status === jwtStatus.wrongAudience ? 403 : 401;
    const details = `jwt_authn_access_denied{${status.replace(/\s/g, "_")}}`;
    exchange.reply(code, status, Flag.None, details, [challenge]);
    return Verdict.Replied;
  }
}

export function isPreflight(exchange: FilteredExchange): boolean {
  return (
    exchange.method === "OPTIONS" &&
    (exchange.headers.lookup("origin") ?? "") !== "" &&
    (exchange.headers.lookup("access-control-request-method") ?? "") !== ""
  );
}
