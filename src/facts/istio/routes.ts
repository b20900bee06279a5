import type { Match, Parent, PathMatch, Rule, ValueMatch } from "../../model/model";
import { type Draft, plainRule } from "../draft";
import { durationMs, fields, inside, items, number, text, texts, type Fields } from "../read";
import type { RawResource } from "../resource";
import { hostName, type Resources, serviceOf } from "../resources";

export function virtualService(resource: RawResource, resources: Resources, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const hosts = texts(spec.hosts);
  const gateways = texts(spec.gateways);
  const scopes = (gateways.length === 0 ? ["mesh"] : gateways).map((g) =>
    g === "mesh" || g.includes("/") ? g : `${namespace}/${g}`,
  );
  const ports = portsOfRules(spec);
  for (const [i, host] of hosts.entries())
    for (const scope of scopes)
      draft.raw.claims.push({
        path: `${id}#spec.hosts[${i}]`,
        host: scope === "mesh" ? hostName(host, namespace, resources) : host,
        scope,
        owner: `${namespace}/${name}`,
        // Bytes have no host that a route could name.
        ports,
        wildcard: host === "*" && spec.http !== undefined,
      });
  for (const [i, g] of gateways.entries()) {
    const [owner = "", own] = g.includes("/") ? g.split("/") : [namespace, g];
    if (g !== "mesh")
      draft.raw.references.push({
        path: `${id}#spec.gateways[${i}]`,
        type: "networking.istio.io/Gateway",
        namespace: owner,
        name: own ?? "",
        use: "gateway",
      });
  }
  for (const kind of ["http", "tls", "tcp"] as const) {
    const rules: Rule[] = [];
    for (const { item, path } of items(spec[kind], `${id}#spec.${kind}`)) {
      split(item, path, resource, resources, draft);
      rules.push({
        ...plainRule(path),
        name: text(item.name),
        matches:
          kind === "http" ? items(item.match, `${path}.match`).map(({ item: m, path: at }) => match(m, at, draft)) : [],
        timeoutMs: durationMs(item.timeout) ?? 0,
      });
    }
    if (kind !== "http" || rules.length === 0) continue;
    draft.routes.push({
      path: id,
      name,
      namespace,
      parents: scopes.flatMap((scope, i): Parent[] => {
        if (scope === "mesh")
          return hosts.flatMap((host) => {
            const service = serviceOf(hostName(host, namespace, resources));
            return service ? [{ path: id, kind: "service" as const, ...service }] : [];
          });
        const [owner = "", own = ""] = scope.split("/");
        return [{ path: `${id}#spec.gateways[${i}]`, kind: "gateway" as const, name: own, namespace: owner }];
      }),
      hostnames: hosts.filter((host) => host !== "*"),
      kind,
      rules,
    });
  }
}
/** The ports that all of a rule's matches ask for; empty where one asks for none. */
function portsOfRule(rule: Fields): readonly number[] {
  const ports = items(rule.match, "").map(({ item }) => number(item.port));
  return ports.every((port) => port !== undefined) ? ports : [];
}
function portsOfRules(spec: Fields): readonly number[] {
  const rules = ["http", "tls", "tcp"].flatMap((kind) => items(spec[kind], "")).map(({ item }) => portsOfRule(item));
  return rules.every((ports) => ports.length > 0) ? rules.flat() : [];
}
function split(item: Fields, path: string, resource: RawResource, resources: Resources, draft: Draft): void {
  const destinations = items(item.route, `${path}.route`).map(({ item: route, path: at }) => {
    const to = fields(route.destination);
    return {
      path: `${at}.destination`,
      host: hostName(text(to.host) ?? "", resource.namespace, resources),
      subset: text(to.subset),
      // Without a port, the one that was called: a rule for one port goes to that one.
      port: number(inside(to, "port", "number")) ?? portsOfRule(item)[0],
      weight: number(route.weight),
      kind: "mesh",
    };
  });
  draft.raw.splits.push({ path, owner: resource.id, destinations });
}
function match(item: Fields, path: string, draft: Draft): Match {
  const note = (value: unknown, at: string) => {
    const regex = text(inside(value, "regex"));
    if (regex !== undefined) draft.raw.patterns.push({ path: at, regex, decides: false });
  };
  const uri = fields(item.uri);
  note(uri, `${path}.uri.regex`);
  const kind = (["exact", "prefix", "regex"] as const).find((k) => text(uri[k]) !== undefined);
  const pathMatch: PathMatch | undefined = kind && {
    kind,
    value: text(uri[kind]) ?? "",
    ignoreCase: item.ignoreUriCase === true,
  };
  const values = (given: unknown, field: string, negate = false): ValueMatch[] =>
    Object.entries(fields(given)).map(([header, value]) => {
      note(value, `${path}.${field}.${header}.regex`);
      const how = (["exact", "prefix", "regex"] as const).find((k) => text(inside(value, k)) !== undefined);
      return {
        path: `${path}.${field}.${header}`,
        name: header,
        kind: how ?? "present",
        value: how ? (text(inside(value, how)) ?? "") : "",
        negate,
      };
    });
  const others = ["port", "gateways", "sourceLabels", "sourceNamespace", "authority", "scheme"].filter(
    (key) => item[key] !== undefined,
  );
  // Conditions that the model has no word for make the match narrower than it looks: as a header that none has.
  const narrower = others.map((key) => ({
    path: `${path}.${key}`,
    name: `:${key}`,
    kind: "exact" as const,
    value: JSON.stringify(item[key]),
    negate: false,
  }));
  const method = text(inside(item, "method", "exact"));
  return {
    path,
    uri: pathMatch,
    methods: method === undefined ? [] : [method],
    headers: [...values(item.headers, "headers"), ...values(item.withoutHeaders, "withoutHeaders", true), ...narrower],
    query: values(item.queryParams, "queryParams"),
    sni: [],
  };
}
