import { DEFAULTS as D } from "../defaults";
import { keyOf, type Filters, type Match, type Retries, type Route, type RouteBackend, type Rule } from "../model";
import { at } from "../path";
import type {
  GrpcRuleSpec,
  HttpRuleSpec,
  RetriesSpec,
  RouteBackendSpec,
  RouteSpec,
  TcpRuleSpec,
  TlsRuleSpec,
} from "../schema";
import { type Context, ms } from "./context";
import { resolveFilters } from "./filters";
import { grpcMatch, httpMatch, tlsMatch } from "./matches";
import { resolveParents } from "./parents";

const KINDS = ["http", "grpc", "tcp", "tls"] as const;

export function resolveRoutes(context: Context): Route[] {
  const routes = (context.spec.routes ?? []).flatMap((spec, index) => resolveRoute(spec, at("routes", index), context));
  context.unique(
    "route",
    routes.map((route) => [keyOf(route), at(route.path, "name")] as const),
  );
  for (const route of routes) context.mention(route.namespace, route.path);
  return routes;
}

function resolveRoute(spec: RouteSpec, path: string, context: Context): Route[] {
  const from = spec.namespace ?? context.namespace;
  const parents = resolveParents(spec, path, from, context);
  const namespace = spec.namespace ?? parents[0]?.namespace ?? context.namespace;
  const kind = kindOf(spec, path, context);
  if (kind === undefined) return [];
  const rules = new Rules(namespace, context);
  const list = at(path, kind);
  return [
    {
      path,
      name: spec.name,
      namespace,
      parents,
      hostnames: (spec.hostnames ?? []).map((host) => host.toLowerCase()),
      kind,
      rules: [
        ...(spec.http ?? []).map((rule, index) => rules.http(rule, at(list, index))),
        ...(spec.grpc ?? []).map((rule, index) => rules.grpc(rule, at(list, index))),
        ...(spec.tcp ?? []).map((rule, index) => rules.tcp(rule, at(list, index))),
        ...(spec.tls ?? []).map((rule, index) => rules.tls(rule, at(list, index))),
      ],
    },
  ];
}

function kindOf(spec: RouteSpec, path: string, context: Context): Route["kind"] | undefined {
  const written = KINDS.filter((kind) => spec[kind] !== undefined);
  if (written.length === 1) return written[0];
  const message =
    written.length === 0 ? "the route has no rules" : `a route is of one kind, not ${written.join(" and ")}`;
  const remedy = written.length === 0 ? "Add http, grpc, tcp or tls." : "Make a route of each.";
  context.report("MESH0032", path, message, remedy);
  return undefined;
}

/** The rules of one route; `namespace` is where bare names are looked up first. */
class Rules {
  constructor(
    private readonly namespace: string,
    private readonly context: Context,
  ) {}

  http(spec: HttpRuleSpec, path: string): Rule {
    const filters = resolveFilters(spec.filters ?? {}, at(path, "filters"), this.namespace, this.context);
    this.checkAnswer(spec, filters, path);
    const matches = this.matches(spec.matches, path, httpMatch);
    return { ...this.rule(spec, path), matches, filters, ...this.patience(spec, path) };
  }

  grpc(spec: GrpcRuleSpec, path: string): Rule {
    const filters = resolveFilters(spec.filters ?? {}, at(path, "filters"), this.namespace, this.context);
    const matches = this.matches(spec.matches, path, grpcMatch);
    return { ...this.rule(spec, path), matches, filters, ...this.patience(spec, path) };
  }

  tcp(spec: TcpRuleSpec, path: string): Rule {
    return this.rule(spec, path);
  }

  tls(spec: TlsRuleSpec, path: string): Rule {
    return { ...this.rule(spec, path), matches: this.matches(spec.matches, path, tlsMatch) };
  }

  /** What rules of every kind have, with nothing asked of the rest. */
  private rule(spec: Partial<TcpRuleSpec>, path: string): Rule {
    return {
      path,
      ...(spec.name === undefined ? {} : { name: spec.name }),
      matches: [],
      backends: this.backends(spec.backends ?? [], at(path, "backends")),
      filters: { mirrors: [] },
      timeoutMs: ms(undefined, D.timeout),
      idleTimeoutMs: ms(spec.idleTimeout, D.idleTimeout),
      retries: resolveRetries({}, at(path, "retries")),
    };
  }

  private patience(spec: HttpRuleSpec | GrpcRuleSpec, path: string): Pick<Rule, "timeoutMs" | "retries"> {
    return {
      timeoutMs: ms(spec.timeout, D.timeout),
      retries: resolveRetries(spec.retries ?? {}, at(path, "retries")),
    };
  }

  private matches<S>(
    specs: readonly S[] | undefined,
    path: string,
    resolve: (spec: S, path: string, from: string, context: Context) => Match,
  ): Match[] {
    const list = at(path, "matches");
    return (specs ?? []).map((spec, index) => resolve(spec, at(list, index), this.namespace, this.context));
  }

  private backends(specs: readonly RouteBackendSpec[], path: string): RouteBackend[] {
    if (specs.length > 0 && specs.every((backend) => backend.weight === 0)) {
      const message = "every weight is 0, so no traffic can go here";
      this.context.report(
        "MESH0030",
        path,
        message,
        "Give one of the backends a weight above 0, or take the rule out.",
      );
    }
    return specs.flatMap((spec, index) => this.backend(spec, at(path, index)));
  }

  private backend(spec: RouteBackendSpec, path: string): RouteBackend[] {
    const found = this.context.find(spec.service, this.namespace, at(path, "service"));
    if (found === undefined) return [];
    this.context.version(found, spec.version, path);
    const port = this.context.port(found, spec.port, path);
    if (port === undefined) return [];
    return [
      {
        path,
        name: found.name,
        namespace: found.namespace,
        kind: found.kind === "external" ? "external" : "service",
        ...(spec.version === undefined ? {} : { version: spec.version }),
        port,
        weight: spec.weight ?? D.weight,
      },
    ];
  }

  private checkAnswer(spec: HttpRuleSpec, filters: Filters, path: string): void {
    const answers = [
      ...((spec.backends ?? []).length > 0 ? ["backends"] : []),
      ...(filters.redirect === undefined ? [] : ["filters.redirect"]),
      ...(filters.directResponse === undefined ? [] : ["filters.directResponse"]),
    ];
    if (answers.length === 0) {
      const remedy = "Add backends, filters.redirect or filters.directResponse.";
      this.context.report("MESH0034", path, "nothing answers what this rule takes", remedy);
    } else if (answers.length > 1) {
      const message = `${answers.join(" and ")} both answer, so one of them never does`;
      this.context.report("MESH0037", path, message, "Keep one of them.");
    }
  }
}

function resolveRetries(spec: RetriesSpec, path: string): Retries {
  return {
    path,
    attempts: spec.attempts ?? D.retries.attempts,
    perTryTimeoutMs: ms(spec.perTryTimeout, D.retries.perTryTimeout),
    on: spec.on ?? (spec.statuses === undefined || spec.statuses.length === 0 ? D.retries.on : []),
    statuses: spec.statuses ?? [],
    backoff: {
      baseMs: ms(spec.backoff?.base, D.retries.backoffBase),
      maxMs: ms(spec.backoff?.max, D.retries.backoffMax),
    },
  };
}
