import { serviceOf } from "../../model/lookup";
import {
  type AuthorizationPolicy,
  type AuthorizationRule,
  type Model,
  type Operation,
  type Port,
  type Service,
  type Source,
  type Version,
} from "../../model/model";
import { authorizationFor } from "../authorization-targets";
import { extension, escapeRegex, type Message } from "./envoy";
import { JWT_METADATA } from "./jwt";
import { targets } from "./mtls";
import { identitiesOf } from "./names";

/** Whether a rule is judged per request or per connection, where there are no methods, paths or hosts. */
type Layer = "http" | "tcp";

const any: Message = { any: true };
const or = (kind: "rules" | "ids", parts: readonly Message[]): Message =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : { [`or_${kind}`]: { [kind]: parts } };
const and = (kind: "rules" | "ids", parts: readonly Message[]): Message => {
  if (parts.length === 0) return any;
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { [`and_${kind}`]: { [kind]: parts } };
};

/** Exact, or with `*` at either end; `*` alone is anything but nothing. */
function wildcard(pattern: string, prefix = ""): Message {
  if (pattern === "*") return { safe_regex: { regex: ".+" } };
  const head = pattern.startsWith("*");
  const tail = pattern.endsWith("*");
  const text = pattern.slice(head ? 1 : 0, tail ? -1 : undefined);
  if (head && tail) return { contains: text };
  if (head) return { suffix: text };
  return tail ? { prefix: `${prefix}${text}` } : { exact: `${prefix}${text}` };
}

const identity = (matcher: Message): Message => ({ authenticated: { principal_name: matcher } });
const principal = (pattern: string): Message => identity(wildcard(pattern, "spiffe://"));
const namespace = (name: string): Message =>
  identity({ safe_regex: { regex: `spiffe://[^/]+/ns/${escapeRegex(name)}/sa/[^/]+` } });
const ipBlock = (block: string): Message => {
  const [address = block, length] = block.split("/");
  const whole = address.includes(":") ? 128 : 32;
  return { direct_remote_ip: { address_prefix: address, prefix_len: length === undefined ? whole : Number(length) } };
};

const claim = (name: string, value: Message): Message => ({
  sourced_metadata: {
    metadata_source: "DYNAMIC",
    metadata_matcher: {
      filter: "envoy.filters.http.jwt_authn",
      path: [{ key: JWT_METADATA }, { key: name }],
      value,
    },
  },
});

/** `issuer/subject`; the subject is what follows the last slash. */
function requestPrincipal(pattern: string): Message {
  const cut = pattern.lastIndexOf("/");
  if (cut < 0) return claim("iss", { string_match: wildcard(pattern) });
  return and("ids", [
    claim("iss", { string_match: wildcard(pattern.slice(0, cut)) }),
    claim("sub", { string_match: wildcard(pattern.slice(cut + 1)) }),
  ]);
}

function source(model: Model, from: Source, layer: Layer): Message | undefined {
  // A service that the model does not hold has no identities: it matches nobody rather than anybody.
  const services = from.services.flatMap((ref) => {
    const service = serviceOf(model, ref);
    return service === undefined ? [] : identitiesOf(model, service).map((exact) => identity({ exact }));
  });
  const named = [...services, ...from.principals.map(principal)];
  if (from.services.length + from.principals.length > 0 && named.length === 0) return undefined;
  if (layer === "tcp" && from.requestPrincipals.length > 0) return undefined;
  const parts = [
    named,
    from.namespaces.map(namespace),
    from.ipBlocks.map(ipBlock),
    from.requestPrincipals.map(requestPrincipal),
  ]
    .filter((entries) => entries.length > 0)
    .map((entries) => or("ids", entries));
  const not = [
    ...from.not.principals.map(principal),
    ...from.not.namespaces.map(namespace),
    ...from.not.ipBlocks.map(ipBlock),
  ];
  return and("ids", [...parts, ...(not.length > 0 ? [{ not_id: or("ids", not) }] : [])]);
}

const header = (name: string, string_match: Message): Message => ({ header: { name, string_match } });
const method = (name: string): Message => header(":method", { exact: name });
const urlPath = (pattern: string): Message => ({ url_path: { path: wildcard(pattern) } });
const host = (pattern: string): Message => header(":authority", { ...wildcard(pattern), ignore_case: true });

/** Undefined where the operation cannot be this port's. Ports are known when rendering, so they leave no condition. */
function operation(
  to: Operation,
  port: Port,
  layer: Layer,
  action: AuthorizationPolicy["action"],
): Message | undefined {
  if (to.ports.length > 0 && !to.ports.includes(port.targetPort)) return undefined;
  if (to.not.ports.includes(port.targetPort)) return undefined;
  const perRequest = [to.methods.map(method), to.paths.map(urlPath), to.hosts.map(host)].filter((e) => e.length > 0);
  const not = [...to.not.methods.map(method), ...to.not.paths.map(urlPath)];
  // A connection has no method or path: what only some requests may do is not allowed, and what some may not is denied.
  if (layer === "tcp") return perRequest.length + not.length > 0 && action === "ALLOW" ? undefined : any;
  return and("rules", [
    ...perRequest.map((entries) => or("rules", entries)),
    ...(not.length > 0 ? [{ not_rule: or("rules", not) }] : []),
  ]);
}

function condition(when: AuthorizationRule["when"][number]): Message {
  const values = when.values.flatMap((value) => [
    claim(when.claim, { string_match: wildcard(value) }),
    claim(when.claim, { list_match: { one_of: { string_match: wildcard(value) } } }),
  ]);
  return when.negate ? { not_id: or("ids", values) } : or("ids", values);
}

/** One rule as an RBAC policy, or undefined where nothing at this port can match it. */
function rbacPolicy(
  model: Model,
  rule: AuthorizationRule,
  port: Port,
  layer: Layer,
  action: AuthorizationPolicy["action"],
): Message | undefined {
  if (layer === "tcp" && rule.when.length > 0 && action === "ALLOW") return undefined;
  const when = layer === "http" ? rule.when.map(condition) : [];
  const from = rule.from.flatMap<Message>((s) => source(model, s, layer) ?? []);
  const to = rule.to.flatMap<Message>((o) => operation(o, port, layer, action) ?? []);
  if ((rule.from.length > 0 && from.length === 0) || (rule.to.length > 0 && to.length === 0)) return undefined;
  return {
    permissions: to.length > 0 ? to : [any],
    principals: (from.length > 0 ? from : [any]).map((id) => (when.length > 0 ? and("ids", [id, ...when]) : id)),
  };
}

function filters(model: Model, service: Service, version: Version, port: Port, layer: Layer): Message[] {
  const applying = authorizationFor(model, service).filter((policy) => targets(policy.target, service, version));
  const closed = model.policies.defaultDeny.some((d) => d.namespace === "*" || d.namespace === service.namespace);
  const rules = (action: AuthorizationPolicy["action"]): Message => ({
    // An audit is an ALLOW that only counts.
    action: action === "AUDIT" ? "ALLOW" : action,
    policies: Object.fromEntries(
      applying
        .filter((policy) => policy.action === action)
        .flatMap((policy) =>
          policy.rules.flatMap((rule, i) => {
            const made = rbacPolicy(model, rule, port, layer, action);
            return made === undefined ? [] : [[`${policy.namespace}/${policy.name}[${i}]`, made] as const];
          }),
        ),
    ),
  });
  const uses = (action: AuthorizationPolicy["action"]): boolean => applying.some((policy) => policy.action === action);
  const stat = layer === "tcp" ? { stat_prefix: `inbound_${port.targetPort}` } : {};
  const rbac = (body: Message): Message =>
    layer === "http"
      ? extension("envoy.filters.http.rbac", "filters.http.rbac.v3.RBAC", body)
      : extension("envoy.filters.network.rbac", "filters.network.rbac.v3.RBAC", { ...body, ...stat });
  return [
    ...(uses("AUDIT") ? [rbac({ shadow_rules: rules("AUDIT"), shadow_rules_stat_prefix: "audit_" })] : []),
    ...(uses("DENY") ? [rbac({ rules: rules("DENY") })] : []),
    ...(uses("ALLOW") || closed ? [rbac({ rules: rules("ALLOW") })] : []),
  ];
}

/** DENY is judged before ALLOW; with any ALLOW, or a namespace that denies by default, the rest is refused. */
export const httpAuthorization = (model: Model, service: Service, version: Version, port: Port): Message[] =>
  filters(model, service, version, port, "http");

export const tcpAuthorization = (model: Model, service: Service, version: Version, port: Port): Message[] =>
  filters(model, service, version, port, "tcp");
