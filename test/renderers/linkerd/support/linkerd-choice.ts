/**
 * What Linkerd's proxy does with the HTTPRoutes and GRPCRoutes of one service port (linkerd2-proxy
 * linkerd/http/route, 2026-08): of all matches the greatest summary wins, and among equals the first; the controller
 * sorts routes by age.
 */
export interface Request {
  readonly host?: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}
interface Value {
  readonly type: "Exact" | "RegularExpression";
  readonly name: string;
  readonly value: string;
}
interface Match {
  readonly path?: { readonly type: "Exact" | "PathPrefix" | "RegularExpression"; readonly value: string };
  readonly method?: string | { readonly service?: string; readonly method?: string };
  readonly headers?: readonly Value[];
  readonly queryParams?: readonly Value[];
}
export interface RouteManifest {
  readonly kind: string;
  readonly spec: { readonly hostnames?: readonly string[]; readonly rules: readonly RouteRule[] };
}
export interface RouteRule {
  readonly matches?: readonly Match[];
  readonly backendRefs?: readonly { readonly name: string }[];
}
type Summary = readonly number[];

/** The leftmost find has to be the whole value; JavaScript looks for it from left to right as Rust's crate does. */
function foundWhole(pattern: string, value: string): boolean {
  const ignoreCase = pattern.startsWith("(?i)");
  const found = new RegExp(ignoreCase ? pattern.slice(4) : pattern, ignoreCase ? "i" : "").exec(value);
  return found !== null && found.index === 0 && found[0].length === value.length;
}

function takes({ type, value }: Value, given: string | undefined): boolean {
  if (given === undefined) return false;
  return type === "Exact" ? given === value : foundWhole(value, given);
}

function pathLength(match: Match["path"], path: string): number | undefined {
  if (match === undefined) return 1;
  const { type, value } = match;
  if (type === "Exact") return path === value ? value.length : undefined;
  if (type === "RegularExpression") return foundWhole(value, path) ? path.length : undefined;
  if (value === "/") return 1;
  const prefix = value.replace(/\/+$/, "");
  const bare = path.replace(/\/+$/, "");
  if (!bare.startsWith(prefix)) return undefined;
  const rest = bare.slice(prefix.length);
  return rest === "" || rest.startsWith("/") ? prefix.length : undefined;
}

function summary(match: Match, request: Request, kind: string): Summary | undefined {
  const headers = match.headers ?? [];
  if (!headers.every((each) => takes(each, request.headers[each.name.toLowerCase()]))) return undefined;
  if (kind === "GRPCRoute") {
    const [, service = "", method = ""] = request.path.split("/");
    const rpc = typeof match.method === "object" ? match.method : {};
    if (rpc.service !== undefined && rpc.service !== service) return undefined;
    if (rpc.method !== undefined && rpc.method !== method) return undefined;
    return [rpc.service?.length ?? 0, rpc.method?.length ?? 0, headers.length];
  }
  const query = match.queryParams ?? [];
  const length = pathLength(match.path, request.path);
  if (length === undefined || (match.method !== undefined && match.method !== request.method)) return undefined;
  if (!query.every((each) => takes(each, request.query[each.name]))) return undefined;
  return [length, match.method === undefined ? 0 : 1, headers.length, query.length];
}

const greater = (a: Summary, b: Summary): boolean => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
};

/** None, then a wildcard, then the name itself. Undefined: the route is for other hosts. */
function hostSummary(hostnames: readonly string[] | undefined, host: string): Summary | undefined {
  if (hostnames === undefined) return [0, 0];
  const found = hostnames.flatMap((name) => {
    if (name === host) return [[2, 0]];
    return name.startsWith("*.") && host.endsWith(name.slice(1)) ? [[1, name.length]] : [];
  });
  return found.reduce<Summary | undefined>((best, each) => (best && !greater(each, best) ? best : each), undefined);
}

/** The route and rule that serve a request, of routes in the order of their age; undefined: refused. */
export function linkerdChoice<R extends RouteManifest>(
  routes: readonly R[],
  request: Request,
): { readonly route: R; readonly rule: RouteRule } | undefined {
  let best: { readonly route: R; readonly rule: RouteRule; readonly summary: Summary } | undefined;
  for (const route of routes) {
    const host = hostSummary(route.spec.hostnames, request.host ?? "");
    if (host === undefined) continue;
    for (const rule of route.spec.rules)
      for (const match of rule.matches ?? [{}]) {
        const found = summary(match, request, route.kind);
        if (found === undefined) continue;
        const whole = [...host, ...found];
        if (best === undefined || greater(whole, best.summary)) best = { route, rule, summary: whole };
      }
  }
  return best;
}
