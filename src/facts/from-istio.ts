import {
  type AuthorizationRule,
  type Labels,
  type Listener,
  type Match,
  type MtlsMode,
  type Parent,
  type PathMatch,
  type Rule,
  type Target,
  type TlsVersion,
  type ValueMatch,
} from "../model/model";
import { anyOperation, anySource, type Draft, plainRule } from "./draft";
import { durationMs, fields, inside, isFields, items, labelsIn, list, number, text, texts, type Fields } from "./read";
import { isLater, type RawResource } from "./resource";
import { hostName, type Resources, serviceOf } from "./resources";

const NETWORKING = "networking.istio.io";
const SECURITY = "security.istio.io";
/** Where policies hold for the whole mesh. */
export const ROOT_NAMESPACE = "istio-system";

/** Istio's own resources, and the settings of the mesh where they are written. */
export function fromIstio(resources: Resources, draft: Draft): void {
  for (const resource of resources.of("core/ConfigMap", "install.istio.io/IstioOperator", "sailoperator.io/Istio"))
    meshConfig(resource, draft);
  for (const resource of resources.of(`${SECURITY}/PeerAuthentication`)) peerAuthentication(resource, draft);
  for (const resource of resources.of(`${SECURITY}/AuthorizationPolicy`)) authorization(resource, draft);
  for (const resource of resources.of(`${SECURITY}/RequestAuthentication`)) requestAuthentication(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/ServiceEntry`)) serviceEntry(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/Gateway`)) gateway(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/VirtualService`)) virtualService(resource, resources, draft);
  for (const resource of resources.of(`${NETWORKING}/DestinationRule`)) destinationRule(resource, resources, draft);
  for (const resource of resources.of(`${NETWORKING}/Sidecar`)) sidecar(resource, draft);
  for (const resource of resources.of("telemetry.istio.io/Telemetry")) telemetry(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/EnvoyFilter`, "extensions.istio.io/WasmPlugin"))
    selection(resource, inside(resource.body, "spec", "workloadSelector", "labels"), "spec.workloadSelector", draft);
}

const modes = new Set<unknown>(["STRICT", "PERMISSIVE", "DISABLE"]);
const modeOf = (value: unknown): MtlsMode | undefined => (modes.has(value) ? (value as MtlsMode) : undefined);

/** A MeshConfig is text in a ConfigMap, which others may parse; here only what an operator resource holds is read. */
function meshConfig({ id, type, body }: RawResource, draft: Draft): void {
  if (type === "core/ConfigMap") return;
  const at = type.startsWith("sail") ? ["spec", "values", "meshConfig"] : ["spec", "meshConfig"];
  const config = inside(body, ...at);
  if (!isFields(config)) return;
  const path = `${id}#${at.join(".")}`;
  draft.mesh.trustDomain = text(config.trustDomain) ?? draft.mesh.trustDomain;
  const egress = text(inside(config, "outboundTrafficPolicy", "mode"));
  draft.raw.egress.push({ path: `${path}.outboundTrafficPolicy`, open: egress !== "REGISTRY_ONLY", scope: "the mesh" });
  if (config.accessLogFile !== undefined)
    draft.raw.logging.push({ path: `${path}.accessLogFile`, scope: "the mesh", on: config.accessLogFile !== "" });
}

const target = ({ namespace }: RawResource, selector: unknown): Target => {
  const labels = labelsIn(inside(selector, "matchLabels"));
  return Object.keys(labels).length > 0 ? { namespace, selector: labels } : { namespace };
};
function selection(resource: RawResource, labels: unknown, field: string, draft: Draft, anywhere = false): void {
  if (labels === undefined) return;
  draft.raw.selectors.push({
    path: `${resource.id}#${field}`,
    kind: resource.type.split("/")[1] ?? "",
    namespace: resource.namespace,
    labels: labelsIn(labels),
    anywhere: anywhere || resource.namespace === ROOT_NAMESPACE,
  });
}

function peerAuthentication(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const own = target(resource, spec.selector);
  const written = modeOf(inside(spec, "mtls", "mode"));
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  if (namespace === ROOT_NAMESPACE && !own.selector) {
    if (written) draft.mesh.mode = written;
    draft.mesh.path = `${id}#spec.mtls.mode`;
    return;
  }
  draft.mtls.push({
    path: `${id}#spec.mtls`,
    name,
    namespace,
    target: own,
    // Unset inherits: what a wider policy says, which is the mesh's own here.
    mode: written ?? draft.mesh.mode,
    ports: Object.entries(fields(spec.portLevelMtls)).flatMap(([port, value]) => {
      const mode = modeOf(inside(value, "mode"));
      return mode ? [{ path: `${id}#spec.portLevelMtls.${port}.mode`, port: Number(port), mode }] : [];
    }),
  });
}

function authorization(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const action = text(spec.action) ?? "ALLOW";
  if (action !== "ALLOW" && action !== "DENY" && action !== "AUDIT") return;
  const own = target(resource, spec.selector);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of [
    ...items(spec.targetRefs, `${id}#spec.targetRefs`),
    ...(isFields(spec.targetRef) ? [{ item: spec.targetRef, path: `${id}#spec.targetRef` }] : []),
  ]) {
    const group = text(item.group) ?? "";
    draft.raw.references.push({
      path,
      type: `${group === "" ? "core" : group}/${text(item.kind) ?? ""}`,
      namespace,
      name: text(item.name) ?? "",
      use: "authorization",
    });
  }
  if (spec.targetRefs !== undefined || spec.targetRef !== undefined) return;
  const rules = items(spec.rules, `${id}#spec.rules`).map(({ item, path }) => authorizationRule(item, path));
  const closes = action === "ALLOW" && rules.length === 0 && !own.selector;
  if (closes)
    draft.defaultDeny.push({
      path: id,
      namespace: namespace === ROOT_NAMESPACE || isLater(namespace) ? "*" : namespace,
    });
  else draft.authorization.push({ path: id, name, namespace, target: own, action, rules });
}
function authorizationRule(rule: Fields, path: string): AuthorizationRule {
  return {
    path,
    from: items(rule.from, `${path}.from`).map(({ item, path: at }) => {
      const source = fields(item.source);
      return {
        ...anySource(`${at}.source`),
        principals: texts(source.principals),
        namespaces: texts(source.namespaces),
        ipBlocks: [...texts(source.ipBlocks), ...texts(source.remoteIpBlocks)],
        requestPrincipals: texts(source.requestPrincipals),
        not: {
          principals: texts(source.notPrincipals),
          namespaces: texts(source.notNamespaces),
          ipBlocks: texts(source.notIpBlocks),
        },
      };
    }),
    to: items(rule.to, `${path}.to`).map(({ item, path: at }) => {
      const operation = fields(item.operation);
      const ports = (value: unknown): number[] => texts(value).map(Number).filter(Number.isInteger);
      return {
        ...anyOperation(`${at}.operation`),
        methods: texts(operation.methods),
        paths: texts(operation.paths),
        ports: ports(operation.ports),
        hosts: texts(operation.hosts),
        not: {
          methods: texts(operation.notMethods),
          paths: texts(operation.notPaths),
          ports: ports(operation.notPorts),
        },
      };
    }),
    when: items(rule.when, `${path}.when`).flatMap(({ item, path: at }) => {
      const claim = /^request\.auth\.claims\[(.*)\]$/.exec(text(item.key) ?? "")?.[1];
      const negate = item.values === undefined;
      return claim === undefined
        ? []
        : [{ path: at, claim, values: texts(negate ? item.notValues : item.values), negate }];
    }),
  };
}

function requestAuthentication(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of items(spec.jwtRules, `${id}#spec.jwtRules`))
    draft.jwt.push({
      path,
      name,
      namespace,
      target: target(resource, spec.selector),
      issuer: text(item.issuer) ?? "",
      audiences: texts(item.audiences),
      jwksUri: text(item.jwksUri),
      jwks: text(item.jwks),
      fromHeaders: [],
      forward: item.forwardOriginalToken === true,
      required: false,
    });
}

function serviceEntry(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const resolution = text(spec.resolution);
  draft.externals.push({
    path: id,
    name,
    namespace,
    hosts: texts(spec.hosts),
    ports: items(spec.ports, `${id}#spec.ports`).map(({ item, path }) => ({
      path,
      name: text(item.name) ?? "",
      port: number(item.number) ?? 0,
      targetPort: number(item.targetPort) ?? number(item.number) ?? 0,
      protocol: /^https|tls$/i.test(text(item.protocol) ?? "") ? "tls" : "tcp",
      serverFirst: false,
    })),
    resolution: resolution === "STATIC" || resolution === "NONE" ? resolution : "DNS",
    addresses: texts(spec.addresses),
  });
}

const tlsVersions: Readonly<Record<string, TlsVersion>> = { TLSV1_2: "1.2", TLSV1_3: "1.3" };
function gateway(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const selector = labelsIn(inside(body, "spec", "selector"));
  selection(resource, selector, "spec.selector", draft, true);
  const listeners: Listener[] = [];
  for (const { item, path } of items(inside(body, "spec", "servers"), `${id}#spec.servers`)) {
    const port = number(inside(item, "port", "number")) ?? 0;
    const protocol = (text(inside(item, "port", "protocol")) ?? "").toLowerCase();
    const tls = fields(item.tls);
    const mode = text(tls.mode) ?? "";
    const hosts = texts(item.hosts);
    const credential = text(tls.credentialName);
    const secure = protocol === "https" || protocol === "tls";
    draft.raw.listeners.push({
      path,
      name: text(inside(item, "port", "name")) ?? String(port),
      port,
      secure,
      minVersion: text(tls.minProtocolVersion),
      credential,
      passthrough: mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH",
      hosts: hosts.map((host) => host.split("/").at(-1) ?? host),
      gateway: `${namespace}/${name}`,
      selector: JSON.stringify(Object.entries(selector).sort()),
      needsCredential:
        (mode === "SIMPLE" || mode === "MUTUAL") &&
        credential === undefined &&
        text(tls.serverCertificate) === undefined,
      redirects: tls.httpsRedirect === true,
    });
    if (credential !== undefined)
      draft.raw.references.push({
        path: `${path}.tls.credentialName`,
        type: "core/Secret",
        namespace,
        name: credential,
        use: "credential",
      });
    for (const host of hosts)
      listeners.push({
        path,
        name: text(inside(item, "port", "name")) ?? String(port),
        port,
        protocol: secure ? (mode === "PASSTHROUGH" ? "tls" : "https") : protocol.startsWith("tcp") ? "tcp" : "http",
        hostname: host === "*" ? undefined : host.split("/").at(-1),
        tls: secure
          ? {
              mode: mode === "PASSTHROUGH" ? "PASSTHROUGH" : mode === "MUTUAL" ? "MUTUAL" : "TERMINATE",
              certificateRef: credential,
              minVersion: tlsVersions[text(tls.minProtocolVersion) ?? ""] ?? "1.2",
              redirectHttp: false,
            }
          : undefined,
      });
  }
  draft.gateways.push({ path: id, name, namespace, selector, serviceAccount: "istio-ingressgateway", listeners });
}

function virtualService(resource: RawResource, resources: Resources, draft: Draft): void {
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
        type: `${NETWORKING}/Gateway`,
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

const tlsModes = { DISABLE: "DISABLE", SIMPLE: "SIMPLE", MUTUAL: "MUTUAL", ISTIO_MUTUAL: "MESH" } as const;
function destinationRule(resource: RawResource, resources: Resources, draft: Draft): void {
  const { id, namespace, body } = resource;
  const spec = fields(body.spec);
  const host = hostName(text(spec.host) ?? "", namespace, resources);
  const inMesh = host.endsWith(".svc.cluster.local") || host.endsWith(".local");
  const policies = [
    { policy: fields(spec.trafficPolicy), path: `${id}#spec.trafficPolicy`, subset: undefined as string | undefined },
    ...items(spec.subsets, `${id}#spec.subsets`).map(({ item, path }) => ({
      policy: fields(item.trafficPolicy),
      path: `${path}.trafficPolicy`,
      subset: text(item.name),
    })),
  ];
  for (const { policy, path, subset } of policies) {
    const places = [
      { tls: policy.tls, at: `${path}.tls` },
      ...items(policy.portLevelSettings, `${path}.portLevelSettings`).map(({ item, path: at }) => ({
        tls: item.tls,
        at: `${at}.tls`,
      })),
    ];
    for (const { tls, at } of places) {
      if (!isFields(tls)) continue;
      const mode = tlsModes[(text(tls.mode) ?? "DISABLE") as keyof typeof tlsModes] ?? "NONE";
      draft.raw.clientTls.push({
        path: at,
        host,
        subset,
        mode,
        verified:
          tls.insecureSkipVerify !== true &&
          (tls.caCertificates !== undefined || tls.credentialName !== undefined || mode === "MESH"),
        external: !inMesh,
      });
    }
  }
  const whole = spec.subsets === undefined || spec.trafficPolicy !== undefined;
  if (whole) draft.raw.subsets.push({ path: id, host, namespace, labels: {} });
  for (const { item, path } of items(spec.subsets, `${id}#spec.subsets`))
    draft.raw.subsets.push({ path, host, namespace, name: text(item.name) ?? "", labels: labelsIn(item.labels) });
  if (inMesh)
    draft.raw.resilience.push({
      path: `${id}#spec.trafficPolicy.outlierDetection`,
      host,
      outlierDetection: policies.some(({ policy }) => policy.outlierDetection !== undefined),
      healthCheck: false,
    });
}

function sidecar(resource: RawResource, draft: Draft): void {
  const spec = fields(resource.body.spec);
  const labels: Labels | undefined = isFields(spec.workloadSelector)
    ? labelsIn(spec.workloadSelector.labels)
    : undefined;
  draft.raw.selectors.push({
    path: `${resource.id}#spec.workloadSelector`,
    kind: "Sidecar",
    namespace: resource.namespace,
    labels: labels ?? {},
    anywhere: false,
  });
  const mode = text(inside(spec, "outboundTrafficPolicy", "mode"));
  if (mode !== undefined)
    draft.raw.egress.push({
      path: `${resource.id}#spec.outboundTrafficPolicy.mode`,
      open: mode !== "REGISTRY_ONLY",
      scope: labels ? `the pods of Sidecar ${resource.name}` : `namespace ${resource.namespace}`,
    });
}

function telemetry(resource: RawResource, draft: Draft): void {
  const { id, namespace, body } = resource;
  const spec = fields(body.spec);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of items(spec.accessLogging, `${id}#spec.accessLogging`)) {
    const on = item.disabled !== true;
    draft.raw.logging.push({ path, scope: namespace === ROOT_NAMESPACE ? "the mesh" : `namespace ${namespace}`, on });
    if (on && namespace === ROOT_NAMESPACE && !isLater(id) && list(spec.selector).length === 0)
      draft.telemetry.accessLogs = { path, format: "json", filter: "all" };
  }
}
