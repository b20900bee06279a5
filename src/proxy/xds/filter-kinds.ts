/** What each kind of HTTP filter makes of its configuration, and of a route's in its place. */
import type { Requirement } from "../authz/jwt/requirement";
import { BufferFilter } from "../filters/buffer";
import { CorsFilter, CorsStats, type CorsPolicy } from "../filters/cors";
import { FaultFilter, FaultStats, type FaultConfig } from "../filters/fault";
import type { HttpFilter } from "../filters/filter";
import { HealthCheckFilter } from "../filters/health-check";
import { JwtFilter, JwtStats } from "../filters/jwt";
import { LocalRateLimitFilter, RateLimitStats, type RateLimitConfig } from "../filters/local-rate-limit";
import { RbacFilter, RbacShadowStats, RbacStats } from "../filters/rbac";
import { Fraction } from "../core/fraction";
import type { DownstreamStats } from "../core/stats";
import type { CompileContext } from "./compile-context";
import { compileFraction } from "./compile-fraction";
import { compileJwt } from "./compile-jwt";
import { compileHeader, compileString } from "./compile-match";
import { compileActions, compileRateLimit } from "./compile-rate-limit";
import { compileRules } from "./compile-rbac";
import type {
  BufferPerRoute,
  CorsPolicy as CorsMessage,
  HTTPFault,
  HttpFilter as FilterMessage,
  HttpRbac,
  HttpRbacPerRoute,
  HeaderMatcher,
  JwtAuthentication,
  JwtPerRoute,
  LocalRateLimit,
  RateLimit,
} from "./messages";

export type PerRouteConfig = HttpRbacPerRoute | JwtPerRoute | HTTPFault | LocalRateLimit | CorsMessage | BufferPerRoute;

export interface Override {
  readonly config: PerRouteConfig;
  readonly path: string;
}

/** The virtual host's `rate_limits`, for a limit that names no actions of its own. */
export type HostLimits = readonly RateLimit[];

export interface FilterKind {
  /** Where no level says anything else; undefined: nothing to do. */
  base(limits: HostLimits): HttpFilter | undefined;
  /** `overrides`: the most specific first. Undefined: off for these requests. */
  override(overrides: readonly Override[], limits: HostLimits): HttpFilter | undefined;
}

export interface FilterScope {
  readonly name: string;
  readonly path: string;
  readonly stats: DownstreamStats;
  readonly context: CompileContext;
}

type Config = NonNullable<FilterMessage["typed_config"]>;
type Typed<M extends { readonly "@type": string }> = M["@type"];

export function filterKinds(config: Config, scope: FilterScope): FilterKind {
  switch (config["@type"]) {
    case "envoy.extensions.filters.http.rbac.v3.RBAC":
      return rbac(config, scope);
    case "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication":
      return jwt(config, scope);
    case "envoy.extensions.filters.http.fault.v3.HTTPFault":
      return fault(config, scope);
    case "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit":
      return rateLimit(config, scope);
    case "envoy.extensions.filters.http.cors.v3.Cors":
      return cors(scope);
    case "envoy.extensions.filters.http.buffer.v3.Buffer":
      return buffer(config.max_request_bytes, scope);
    case "envoy.extensions.filters.http.health_check.v3.HealthCheck":
      return healthCheck(config.headers, config.pass_through_mode, scope);
    case "envoy.extensions.filters.http.router.v3.Router":
      throw new Error("the router is no filter of a chain");
  }
}

/** The most specific configuration, if it is of the filter's own kind. */
function first<M extends PerRouteConfig>(
  [one]: readonly Override[],
  type: Typed<M>,
  { name, context }: FilterScope,
): M | undefined {
  if (one === undefined) return undefined;
  if (one.config["@type"] === type) return one.config as M;
  context.error(one.path, `is a ${one.config["@type"]}, which the filter ${name} does not take`);
  return undefined;
}

/** Compiles each configuration once: filters of equal configurations share their state. */
function once<M extends object, R>(make: (config: M, path: string) => R): (config: M, path: string) => R {
  const made = new Map<M, R>();
  return (config, path) => {
    if (!made.has(config)) made.set(config, make(config, path));
    return made.get(config) as R;
  };
}

function rbac(config: HttpRbac, scope: FilterScope): FilterKind {
  const { name, context, stats } = scope;
  const make = once((message: HttpRbac, path: string): HttpFilter | undefined => {
    const { rules, shadow_rules: shadow } = message;
    if (rules === undefined && shadow === undefined) return undefined;
    return new RbacFilter(
      name,
      rules && compileRules(rules, `${path}.rules`, context),
      shadow && compileRules(shadow, `${path}.shadow_rules`, context),
      stats.filter(`rbac.${message.rules_stat_prefix}`, () => new RbacStats()),
      stats.filter(`rbac.${message.shadow_rules_stat_prefix}`, () => new RbacShadowStats()),
      context.services.audit,
    );
  });
  return {
    base: () => make(config, scope.path),
    override: (overrides) => {
      const own = first<HttpRbacPerRoute>(overrides, "envoy.extensions.filters.http.rbac.v3.RBACPerRoute", scope);
      return own?.rbac && make(own.rbac, `${overrides[0]?.path}.rbac`);
    },
  };
}

function jwt(config: JwtAuthentication, scope: FilterScope): FilterKind {
  const { name, context, stats } = scope;
  const { rules, named } = compileJwt(config, scope.path, context);
  const counters = stats.filter("jwt_authn.", () => new JwtStats());
  const make = (requirement: Requirement | undefined): HttpFilter =>
    new JwtFilter(name, rules, requirement, config.bypass_cors_preflight, counters, context.services.audit);
  return {
    base: () => make(undefined),
    override: (overrides) => {
      const own = first<JwtPerRoute>(overrides, "envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig", scope);
      if (own === undefined || own.disabled === true) return undefined;
      const requirement = named.get(own.requirement_name ?? "");
      if (requirement === undefined)
        context.error(
          `${overrides[0]?.path}.requirement_name`,
          `'${own.requirement_name ?? ""}' is not in the filter's requirement_map`,
        );
      return make(requirement);
    },
  };
}

function fault(config: HTTPFault, scope: FilterScope): FilterKind {
  const { name, context, stats } = scope;
  const counters = stats.filter("fault.", () => new FaultStats());
  const make = once((message: HTTPFault, path: string): HttpFilter | undefined => {
    const compiled = faultConfig(message, path, context);
    const idle = compiled.delay === undefined && compiled.abort === undefined;
    return idle ? undefined : new FaultFilter(name, compiled, counters);
  });
  return {
    base: () => make(config, scope.path),
    override: (overrides) => {
      const own = first<HTTPFault>(overrides, "envoy.extensions.filters.http.fault.v3.HTTPFault", scope);
      return own && make(own, overrides[0]?.path ?? "");
    },
  };
}

function faultConfig(message: HTTPFault, path: string, context: CompileContext): FaultConfig {
  const { delay, abort } = message;
  const never = new Fraction(0, 100);
  return {
    delay: delay && { ms: delay.fixed_delay ?? 0, share: compileFraction(delay.percentage) ?? never },
    abort: abort && {
      httpStatus: abort.http_status,
      grpcStatus: abort.grpc_status,
      share: compileFraction(abort.percentage) ?? never,
    },
    conditions: headers(message.headers, path, context),
    maxActive: message.max_active_faults ?? Infinity,
  };
}

function headers(matchers: readonly HeaderMatcher[], path: string, context: CompileContext) {
  return matchers.map((m, i) => compileHeader(m, `${path}.headers[${i}]`, context)).filter((c) => c !== undefined);
}

function rateLimit(config: LocalRateLimit, scope: FilterScope): FilterKind {
  const { name, context, stats } = scope;
  const shared = once((message: LocalRateLimit, path: string) => compileRateLimit(message, path, context));
  const make = (message: LocalRateLimit, path: string, limits: HostLimits): HttpFilter => {
    const own = message.rate_limits.length > 0;
    const actions = compileActions(own ? message.rate_limits : limits, `${path}.rate_limits`, context);
    const compiled: RateLimitConfig = { ...shared(message, path), actions };
    const counters = stats.filter(`${message.stat_prefix}.http_local_rate_limit.`, () => new RateLimitStats());
    return new LocalRateLimitFilter(name, compiled, counters);
  };
  return {
    base: (limits) => make(config, scope.path, limits),
    override: (overrides, limits) => {
      const own = first<LocalRateLimit>(
        overrides,
        "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        scope,
      );
      const path = overrides[0]?.path ?? "";
      if (own !== undefined && own.token_bucket === undefined)
        context.error(`${path}.token_bucket`, "local rate limit token bucket must be set for per filter configs");
      return own && make(own, path, limits);
    },
  };
}

function cors(scope: FilterScope): FilterKind {
  const { name, context, stats } = scope;
  const counters = stats.filter("cors.", () => new CorsStats());
  return {
    // The filter does nothing but what a route's policy says.
    base: () => undefined,
    override: (overrides) => {
      const policies = overrides.flatMap((o) => {
        const one = first<CorsMessage>([o], "envoy.extensions.filters.http.cors.v3.CorsPolicy", scope);
        return one === undefined ? [] : [{ ...o, config: one }];
      });
      return policies.length === 0 ? undefined : new CorsFilter(name, corsPolicy(policies, context), counters);
    },
  };
}

/** The most specific level that says something of a field has it; whether CORS is on is the first level's alone. */
function corsPolicy(
  levels: readonly { readonly config: CorsMessage; readonly path: string }[],
  context: CompileContext,
): CorsPolicy {
  const text = (of: (c: CorsMessage) => string): string => levels.map((l) => of(l.config)).find((t) => t !== "") ?? "";
  const origins = levels.find((l) => l.config.allow_origin_string_match.length > 0);
  return {
    enabled: compileFraction(levels[0]?.config.filter_enabled?.default_value) ?? new Fraction(100, 100),
    origins: (origins?.config.allow_origin_string_match ?? [])
      .map((m, i) => compileString(m, `${origins?.path}.allow_origin_string_match[${i}]`, context))
      .filter((t) => t !== undefined),
    methods: text((c) => c.allow_methods),
    headers: text((c) => c.allow_headers),
    exposed: text((c) => c.expose_headers),
    maxAge: text((c) => c.max_age),
    credentials: levels.map((l) => l.config.allow_credentials).find((c) => c !== undefined) ?? false,
  };
}

function buffer(maxBytes: number, scope: FilterScope): FilterKind {
  return {
    base: () => new BufferFilter(scope.name, maxBytes),
    override: (overrides) => {
      const own = first<BufferPerRoute>(overrides, "envoy.extensions.filters.http.buffer.v3.BufferPerRoute", scope);
      if (own === undefined || own.disabled === true) return undefined;
      return new BufferFilter(scope.name, own.buffer?.max_request_bytes ?? maxBytes);
    },
  };
}

function healthCheck(matchers: readonly HeaderMatcher[], passThrough: boolean, scope: FilterScope): FilterKind {
  const conditions = headers(matchers, scope.path, scope.context);
  const filter = new HealthCheckFilter(scope.name, conditions, passThrough);
  return { base: () => filter, override: () => filter };
}
