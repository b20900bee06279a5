import type { PlanResource } from "../../../src/plan";
import { isReference } from "../../../src/plan/plan";
import { possibleValues } from "../support/gcp-types";

type Tree = Readonly<Record<string, unknown>>;
const tree = (value: unknown): Tree => (typeof value === "object" && value !== null ? (value as Tree) : {});
const list = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.map(tree) : []);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
type Must = (holds: boolean, what: string) => void;

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SECONDS = /^\d+(\.\d{1,9})?s$/;
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const HASHING = ["RING_HASH", "MAGLEV"];
/** Of googleapis http_route.proto and grpc_route.proto, RetryPolicy (2026-08). */
const HTTP_RETRIES = [
  "5xx",
  "gateway-error",
  "reset",
  "connect-failure",
  "retriable-4xx",
  "refused-stream",
  "cancelled",
].concat(["deadline-exceeded", "resource-exhausted", "unavailable"]);
const GRPC_RETRIES = ["connect-failure", "refused-stream", "cancelled", "deadline-exceeded"].concat([
  "resource-exhausted",
  "unavailable",
]);

/** Rules that Google documents and no type says. Gives what is wrong. */
export function ruleMistakes(resources: readonly PlanResource[]): string[] {
  const mistakes: string[] = [];
  const hosts = new Map<string, string>();
  for (const { id, type, properties } of resources) {
    const must: Must = (holds, what) => void (holds || mistakes.push(`${id}: ${what}`));
    const kind = type.split(":").at(-1) ?? "";
    if (properties.name !== undefined) must(NAME.test(String(properties.name)), `name ${String(properties.name)}`);
    if (kind.endsWith("Route")) route(kind, properties, must);
    if (kind === "BackendService") backendService(properties, must);
    if (kind === "HealthCheck") healthCheck(properties, must);
    if (kind === "Gateway") gateway(properties, must);
    if (kind === "AuthorizationPolicy") authorization(properties, must);
    if (kind === "ServerTlsPolicy") must(properties.allowOpen !== true, "allowOpen beside a certificate");
    for (const place of [...list(properties.meshes), ...list(properties.gateways)].filter(isReference))
      for (const host of texts(properties.hostnames)) {
        const other = hosts.get(`${place.$ref} ${host}`);
        must(other === undefined, `host name ${host} is ${other}'s too`);
        hosts.set(`${place.$ref} ${host}`, id);
      }
  }
  return mistakes;
}

function route(kind: string, properties: Tree, must: Must): void {
  must(list(properties.meshes).length + list(properties.gateways).length > 0, "attached to nothing");
  for (const host of texts(properties.hostnames)) {
    const bare = kind === "GrpcRoute" ? host.replace(/:\d+$/, "") : host;
    must(host === "*" || (HOST.test(bare) && !/^\d+(\.\d+){3}$/.test(bare)), `host name ${host}`);
  }
  if (kind === "HttpRoute" || kind === "GrpcRoute") must(texts(properties.hostnames).length > 0, "no host names");
  for (const rule of list(properties.rules)) {
    const action = tree(rule.action);
    const destinations = list(action.destinations);
    const weights = destinations.filter(({ weight }) => weight !== undefined).length;
    must(weights === 0 || weights === destinations.length, "weights of some destinations only");
    must(weights === 0 || destinations.some(({ weight }) => Number(weight) > 0), "weights add up to nothing");
    must(destinations.length > 0 !== (action.redirect !== undefined), "one of destinations and redirect");
    const retries = tree(action.retryPolicy);
    for (const duration of [action.timeout, action.idleTimeout, retries.perTryTimeout])
      if (duration !== undefined) must(SECONDS.test(String(duration)), `duration ${String(duration)}`);
    const known = kind === "GrpcRoute" ? GRPC_RETRIES : HTTP_RETRIES;
    for (const condition of texts(retries.retryConditions)) must(known.includes(condition), `retry on ${condition}`);
    const fault = tree(action.faultInjectionPolicy);
    for (const part of [tree(fault.delay), tree(fault.abort)])
      if (part.percentage !== undefined) must(Number.isInteger(part.percentage), "a percentage that is not whole");
    if (kind === "HttpRoute") httpMatches(list(rule.matches), must);
    if (kind === "TcpRoute")
      for (const { address, port } of list(rule.matches))
        must(/^\d+(\.\d+){3}\/\d+$/.test(String(address)) && /^\d+$/.test(String(port)), "a CIDR and a port");
    if (kind === "TlsRoute") {
      const names = list(rule.matches).flatMap(({ sniHosts }) => texts(sniHosts));
      must(names.length >= 1 && names.length <= 5, "one to five server names");
    }
  }
}

function httpMatches(matches: readonly Tree[], must: Must): void {
  must(matches.length > 0, "a rule without a match");
  for (const match of matches) {
    const paths = ["fullPathMatch", "prefixMatch", "regexMatch"].filter((key) => match[key] !== undefined);
    must(paths.length === 1, `${paths.length} path conditions`);
    must(match.prefixMatch === undefined || String(match.prefixMatch).endsWith("/"), "a prefix within a segment");
    for (const value of [...list(match.headers), ...list(match.queryParameters)])
      must(
        Object.keys(value).filter((key) => key.endsWith("Match") && key !== "invertMatch").length === 1,
        "one condition",
      );
  }
}

function backendService(properties: Tree, must: Must): void {
  const affinity = properties.sessionAffinity;
  const policy = String(properties.localityLbPolicy ?? "");
  must(properties.loadBalancingScheme === "INTERNAL_SELF_MANAGED", "the scheme of a service mesh");
  must(possibleValues("compute/backendService.d.ts", "protocol").includes(String(properties.protocol)), "protocol");
  must((affinity !== undefined) === HASHING.includes(policy), "affinity and a hashing policy go together");
  const hash = tree(properties.consistentHash);
  must((hash.httpHeaderName !== undefined) === (affinity === "HEADER_FIELD"), "a header for HEADER_FIELD");
  must((hash.httpCookie !== undefined) === (affinity === "HTTP_COOKIE"), "a cookie for HTTP_COOKIE");
  const timeout = properties.timeoutSec;
  must(timeout === undefined || (Number(timeout) >= 1 && Number(timeout) <= 2_147_483_647), "timeoutSec");
  const security = tree(properties.securitySettings);
  if (properties.securitySettings !== undefined) must(texts(security.subjectAltNames).length > 0, "a name to expect");
  for (const backend of list(properties.backends))
    must(backend.balancingMode !== "RATE" || Number(backend.maxRatePerEndpoint) > 0, "a rate for RATE");
}

function healthCheck(properties: Tree, must: Must): void {
  const kinds = Object.keys(properties).filter((key) => key.endsWith("HealthCheck"));
  must(kinds.length === 1, `${kinds.length} kinds of check`);
  must(Number(properties.timeoutSec) <= Number(properties.checkIntervalSec), "a timeout within the interval");
  for (const key of ["healthyThreshold", "unhealthyThreshold"])
    must(Number(properties[key]) >= 1 && Number(properties[key]) <= 10, key);
  const { portSpecification, port } = tree(properties[kinds[0] ?? ""]);
  must((portSpecification === "USE_FIXED_PORT") === (port !== undefined), "a port for USE_FIXED_PORT");
}

function gateway(properties: Tree, must: Must): void {
  must(properties.type === "OPEN_MESH", "a gateway of the mesh");
  must(properties.certificateUrls === undefined, "certificateUrls are for SECURE_WEB_GATEWAY");
  must(String(properties.scope).length <= 64, "a scope of 64 characters");
  must(Array.isArray(properties.ports) && properties.ports.length > 0, "ports");
}

function authorization(properties: Tree, must: Must): void {
  must(["ALLOW", "DENY"].includes(String(properties.action)), "action");
  for (const rule of list(properties.rules)) {
    // All sources and all destinations of a rule must match.
    must(list(rule.sources).length <= 1 && list(rule.destinations).length <= 1, "one source, one destination");
    for (const { hosts, ports } of list(rule.destinations))
      must(texts(hosts).length > 0 && texts(ports).length > 0, "hosts and ports are required");
  }
}
