import type { Listener, Match, Parent, Rule } from "../model/model";
import { type Draft, plainRule } from "./draft";
import { durationMs, fields, inside, isFields, items, number, text, texts, type Fields } from "./read";
import { isLater, type RawResource } from "./resource";
import { hostName, type Resources } from "./resources";

const GROUP = "gateway.networking.k8s.io";
const routeKinds = { HTTPRoute: "http", GRPCRoute: "grpc", TCPRoute: "tcp", TLSRoute: "tls" } as const;
/** Linkerd reads routes of its own group as well as those of the Gateway API. */
export const routeGroups = [GROUP, "policy.linkerd.io"] as const;

export function fromGatewayApi(resources: Resources, draft: Draft): void {
  for (const resource of resources.of(`${GROUP}/Gateway`)) gateway(resource, draft);
  for (const group of routeGroups)
    for (const kind of Object.keys(routeKinds) as (keyof typeof routeKinds)[])
      for (const resource of resources.of(`${group}/${kind}`)) route(resource, kind, resources, draft);
}

function gateway({ id, name, namespace, body }: RawResource, draft: Draft): void {
  // A waypoint is a proxy inside the mesh: its listener is the mesh's own.
  if (text(inside(body, "spec", "gatewayClassName")) === "istio-waypoint") {
    draft.gateways.push({ path: id, name, namespace, selector: {}, serviceAccount: name, listeners: [] });
    return;
  }
  const listeners: Listener[] = [];
  for (const { item, path } of items(inside(body, "spec", "listeners"), `${id}#spec.listeners`)) {
    const port = number(item.port) ?? 0;
    const protocol = text(item.protocol) ?? "";
    const secure = protocol === "HTTPS" || protocol === "TLS";
    const mode = text(inside(item, "tls", "mode")) ?? "Terminate";
    const passthrough = mode === "Passthrough" || isLater(mode);
    const refs = items(inside(item, "tls", "certificateRefs"), `${path}.tls.certificateRefs`);
    const credential = text(refs[0]?.item.name);
    const hostname = text(item.hostname);
    const listenerName = text(item.name) ?? String(port);
    draft.raw.listeners.push({
      path,
      name: listenerName,
      port,
      secure,
      minVersion: text(inside(item, "tls", "options", "gateway.istio.io/tls-min-protocol-version")),
      credential,
      passthrough,
      hosts: [hostname ?? "*"],
      gateway: `${namespace}/${name}`,
      selector: `${namespace}/${name}`,
      needsCredential: secure && !passthrough && credential === undefined,
      redirects: false,
    });
    for (const { item: ref, path: at } of refs)
      if ((text(ref.kind) ?? "Secret") === "Secret")
        draft.raw.references.push({
          path: at,
          type: "core/Secret",
          namespace: text(ref.namespace) ?? namespace,
          name: text(ref.name) ?? "",
          use: "credential",
        });
    listeners.push({
      path,
      name: listenerName,
      port,
      protocol: secure ? (protocol === "TLS" ? "tls" : "https") : protocol === "TCP" ? "tcp" : "http",
      hostname,
      tls: secure
        ? {
            mode: passthrough ? "PASSTHROUGH" : "TERMINATE",
            certificateRef: credential,
            minVersion: "1.2",
            redirectHttp: false,
          }
        : undefined,
    });
  }
  draft.gateways.push({ path: id, name, namespace, selector: {}, serviceAccount: name, listeners });
}

function route(resource: RawResource, kind: keyof typeof routeKinds, resources: Resources, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const hostnames = texts(spec.hostnames);
  const parents = items(spec.parentRefs, `${id}#spec.parentRefs`).flatMap(({ item, path }): Parent[] => {
    const owner = text(item.namespace) ?? namespace;
    const own = text(item.name) ?? "";
    const parentKind = text(item.kind) ?? "Gateway";
    if (parentKind === "Gateway") {
      draft.raw.references.push({
        path,
        type: `${GROUP}/Gateway`,
        namespace: owner,
        name: own,
        use: "gateway",
        section: text(item.sectionName),
      });
      for (const host of hostnames.length > 0 ? hostnames : ["*"])
        draft.raw.claims.push({
          path,
          host,
          scope: `${owner}/${own}`,
          owner: `${namespace}/${name}`,
          ports: [],
          wildcard: false,
        });
      return [{ path, kind: "gateway" as const, name: own, namespace: owner, listener: text(item.sectionName) }];
    }
    if (parentKind !== "Service") return [];
    return [{ path, kind: "service" as const, name: own, namespace: owner, port: number(item.port) }];
  });
  const rules = items(spec.rules, `${id}#spec.rules`).map(({ item, path }): Rule => {
    const destinations = items(item.backendRefs, `${path}.backendRefs`).map(({ item: ref, path: at }) => ({
      path: at,
      host: hostName(text(ref.name) ?? "", text(ref.namespace) ?? namespace, resources),
      port: number(ref.port),
      weight: number(ref.weight) ?? 1,
      kind: (text(ref.kind) ?? "Service") === "Service" ? "mesh" : "other",
    }));
    draft.raw.splits.push({ path, owner: id, destinations });
    return {
      ...plainRule(path),
      matches: items(item.matches, `${path}.matches`).map(({ item: m, path: at }) => match(m, at, draft)),
      timeoutMs: durationMs(inside(item, "timeouts", "request")) ?? 0,
      filters: {
        mirrors: [],
        redirect: items(item.filters, path).some(({ item: f }) => f.type === "RequestRedirect")
          ? { path, code: 302 }
          : undefined,
      },
    };
  });
  draft.routes.push({ path: id, name, namespace, parents, hostnames, kind: routeKinds[kind], rules });
}

const pathKinds: Readonly<Record<string, "exact" | "prefix" | "regex">> = {
  Exact: "exact",
  PathPrefix: "prefix",
  RegularExpression: "regex",
};
function match(item: Fields, path: string, draft: Draft): Match {
  const values = (given: unknown, field: string) =>
    items(given, `${path}.${field}`).map(({ item: value, path: at }) => {
      const regex = value.type === "RegularExpression";
      if (regex) draft.raw.patterns.push({ path: at, regex: text(value.value) ?? "", decides: false });
      return {
        path: at,
        name: text(value.name) ?? "",
        kind: regex ? ("regex" as const) : ("exact" as const),
        value: text(value.value) ?? "",
        negate: false,
      };
    });
  const uri = item.path;
  const kind = isFields(uri) ? (pathKinds[text(uri.type) ?? "PathPrefix"] ?? "prefix") : undefined;
  const written = text(inside(uri, "value")) ?? "/";
  if (kind === "regex") draft.raw.patterns.push({ path: `${path}.path.value`, regex: written, decides: false });
  const method = item.method;
  return {
    path,
    uri: kind ? { kind, value: written, ignoreCase: false } : undefined,
    methods: typeof method === "string" ? [method] : [],
    headers: values(item.headers, "headers"),
    query: values(item.queryParams, "queryParams"),
    grpc: isFields(method) ? { service: text(method.service), method: text(method.method) } : undefined,
    sni: [],
  };
}
