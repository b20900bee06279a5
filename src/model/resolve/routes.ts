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

/** What rules of all kinds may have. */
type RuleSpec = Partial<TcpRuleSpec & Pick<HttpRuleSpec, "timeout" | "retries">>;

const KINDS = ["http", "grpc", "tcp", "tls"] as const;

export function resolveRoutes(context: Context): Route[] {
  const routes = (context.spec.routes ?? []).flatMap((spec, index) => resolveRoute(spec, at("routes", index), context));
  context.unique("route", routes, keyOf, (route) => at(route.path, "name"));
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
        spec.http?.map((rule, index) => rules.http(rule, at(list, index))) ?? [],
        spec.grpc?.map((rule, index) => rules.grpc(rule, at(list, index))) ?? [],
        spec.tcp?.map((rule, index) => rules.tcp(rule, at(list, index))) ?? [],
        spec.tls?.map((rule, index) => rules.tls(rule, at(list, index))) ?? [],
      ].flat(),
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
    const filters = this.filters(spec, path);
    this.checkAnswer(spec, filters, path);
    return this.rule(spec, path, this.matches(spec.matches, path, httpMatch), filters);
  }

  grpc(spec: GrpcRuleSpec, path: string): Rule {
    const filters = this.filters(spec, path);
    return this.rule(spec, path, this.matches(spec.matches, path, grpcMatch), filters);
  }

  tcp(spec: TcpRuleSpec, path: string): Rule {
    return this.rule(spec, path, [], NO_FILTERS);
  }

  tls(spec: TlsRuleSpec, path: string): Rule {
    return this.rule(spec, path, this.matches(spec.matches, path, tlsMatch), NO_FILTERS);
  }

  private rule(spec: RuleSpec, path: string, matches: Match[], filters: Filters): Rule {
    const rule = {
      path,
      matches,
      backends: this.backends(spec.backends ?? [], at(path, "backends")),
      filters,
      timeoutMs: ms(spec.timeout, D.timeout),
      idleTimeoutMs: ms(spec.idleTimeout, D.idleTimeout),
      retries: resolveRetries(spec.retries, at(path, "retries")),
    };
    return spec.name === undefined ? rule : { ...rule, name: spec.name };
  }

  private filters({ filters }: HttpRuleSpec | GrpcRuleSpec, path: string): Filters {
    return filters === undefined
      ? NO_FILTERS
      : resolveFilters(filters, at(path, "filters"), this.namespace, this.context);
  }

  private matches<S>(
    specs: readonly S[] | undefined,
    path: string,
    resolve: (spec: S, path: string, from: string, context: Context) => Match,
  ): Match[] {
    if (specs === undefined) return [];
    const list = at(path, "matches");
    return specs.map((spec, index) => resolve(spec, at(list, index), this.namespace, this.context));
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
    const resolved: RouteBackend[] = [];
    for (const [index, spec] of specs.entries()) {
      const backend = this.backend(spec, at(path, index));
      if (backend !== undefined) resolved.push(backend);
    }
    return resolved;
  }

  private backend(spec: RouteBackendSpec, path: string): RouteBackend | undefined {
    const found = this.context.find(spec.service, this.namespace, at(path, "service"));
    if (found === undefined) return undefined;
    const { version, weight = D.weight } = spec;
    this.context.version(found, version, path);
    const port = this.context.port(found, spec.port, path);
    if (port === undefined) return undefined;
    const { name, namespace } = found;
    const kind = found.kind === "external" ? "external" : "service";
    return version === undefined
      ? { path, name, namespace, kind, port, weight }
      : { path, name, namespace, kind, version, port, weight };
  }

  private checkAnswer(spec: HttpRuleSpec, filters: Filters, path: string): void {
    const forwards = spec.backends !== undefined && spec.backends.length > 0;
    if (forwards && filters.redirect === undefined && filters.directResponse === undefined) return;
    const answers = [
      ...(forwards ? ["backends"] : []),
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

const NO_FILTERS: Filters = { mirrors: [] };
const NO_RETRIES = retriesOf({});

/** What is not written is one and the same for every rule. */
const resolveRetries = (spec: RetriesSpec | undefined, path: string): Retries => ({
  path,
  ...(spec === undefined ? NO_RETRIES : retriesOf(spec)),
});

function retriesOf(spec: RetriesSpec): Omit<Retries, "path"> {
  return {
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
