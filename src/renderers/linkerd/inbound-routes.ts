import { type Grant, isWide } from "./grants";
import { closed, covers, EVERYTHING, type Region, shared } from "./regions";

/** Standard methods, for a region that a method makes narrower than its equals. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/** One HTTPRoute on a Server: the requests of its regions, and the grants that hold for all of them. */
export interface InboundRoute {
  readonly host?: string;
  readonly regions: readonly Region[];
  readonly grants: readonly Grant[];
}
export interface InboundRoutes {
  readonly routes: readonly InboundRoute[];
  /** Regions that share requests, and neither is narrower: one of them judges, so the other's callers may be refused. */
  readonly ambiguous: boolean;
}

interface Node {
  readonly region: Region;
  readonly grants: readonly Grant[];
  byMethod: boolean;
}

/**
 * Linkerd judges a request by the one route that matches it best, while policies of the model add up. So what several
 * grants share becomes a route of its own with the grants of all. Grants of the whole port stand at the Server and hold
 * on every route; they need a route for the requests that no other names.
 */
export function inboundRoutes(grants: readonly Grant[]): InboundRoutes {
  const narrow = grants.filter((grant) => !isWide(grant));
  if (narrow.length === 0) return { routes: [], ambiguous: false };
  const rest = narrow.length < grants.length ? [EVERYTHING] : [];
  const nodes = closed([...narrow.flatMap(({ regions }) => regions), ...rest]).map((region): Node => ({
    region,
    grants: narrow.filter((grant) => grant.regions.some((each) => covers(each, region))),
    byMethod: false,
  }));
  for (const [inner] of tied(nodes)) if (inner.region.method === undefined) inner.byMethod = true;
  return { routes: grouped(nodes), ambiguous: tied(nodes).length > 0 || nodes.some((a) => nodes.some(crosses(a))) };
}

/** Pairs of which one lies in the other with more grants, and is not the more specific one. */
function tied(nodes: readonly Node[]): readonly (readonly [inner: Node, outer: Node])[] {
  const found: [Node, Node][] = [];
  for (const outer of nodes)
    for (const inner of nodes) {
      if (inner === outer || sameGrants(inner, outer) || !covers(outer.region, inner.region)) continue;
      if (!moreSpecific(inner, outer)) found.push([inner, outer]);
    }
  return found;
}

/** Shares requests with another in a way that no region says, and neither is sure to win with the grants of both. */
const crosses =
  (a: Node) =>
  (b: Node): boolean =>
    shared(a.region, b.region) === "unsaid" &&
    !sameGrants(a, b) &&
    !(moreSpecific(a, b) && holdsAll(a, b)) &&
    !(moreSpecific(b, a) && holdsAll(b, a));

const holdsAll = (a: Node, b: Node): boolean => b.grants.every((grant) => a.grants.includes(grant));
const sameGrants = (a: Node, b: Node): boolean => holdsAll(a, b) && holdsAll(b, a);

/** Host, then characters of the path, then method, as linkerd2-proxy compares (linkerd/http/route, 2026-08). */
function moreSpecific(inner: Node, outer: Node): boolean {
  const [a, b] = [rank(inner), rank(outer)];
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}
function rank({ region: { host, path, method }, byMethod }: Node): readonly number[] {
  const hosts = host === undefined ? 0 : host.startsWith("*.") ? 1 : 2;
  const whole = path !== undefined && !(path.kind === "exact" && path.value === "/");
  return [hosts, hosts === 1 ? (host ?? "").length : 0, whole ? 1 : 0, method !== undefined || byMethod ? 1 : 0];
}

function grouped(nodes: readonly Node[]): readonly InboundRoute[] {
  const groups = new Map<string, { host?: string; regions: Region[]; grants: readonly Grant[] }>();
  for (const { region, grants, byMethod } of nodes) {
    const key = JSON.stringify([region.host ?? null, ...grants.map(({ name }) => name)]);
    const group = groups.get(key) ?? { ...(region.host !== undefined && { host: region.host }), regions: [], grants };
    groups.set(key, group);
    group.regions.push(...(byMethod ? METHODS.map((method) => ({ ...region, method })) : [region]));
  }
  return [...groups.values()];
}
