import type { Draft } from "./draft";
import { fields, inside, isFields, items, number, one, text } from "./read";
import { isLater, type RawResource } from "./resource";
import type { Resources } from "./resources";

/** A kind of App Mesh as Pulumi's provider and as its controller's custom resources write it. */
const appMesh = (kind: string): readonly [string, string] => [
  `aws:appmesh/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`,
  `appmesh.k8s.aws/${kind}`,
];
const lattice = (kind: string): string => `aws:vpclattice/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;

export function fromAws(resources: Resources, draft: Draft): void {
  for (const resource of resources.of(...appMesh("Mesh"))) {
    const type =
      text(one(inside(resource.body, "spec", "egressFilter")).type) ??
      text(inside(resource.body, "spec", "egressFilter", "type"));
    draft.raw.egress.push({
      path: `${resource.id}#spec.egressFilter`,
      open: type === "ALLOW_ALL",
      scope: `mesh ${resource.name}`,
    });
  }
  for (const resource of resources.of(...appMesh("VirtualNode"), ...appMesh("VirtualGateway")))
    endpoint(resource, draft);
  for (const resource of resources.of(...appMesh("VirtualService"))) provider(resource, resources, draft);
  for (const resource of resources.of(...appMesh("Route"))) weightedTargets(resource, ["spec"], resources, draft);
  for (const resource of resources.of("appmesh.k8s.aws/VirtualRouter"))
    for (const { item, path } of items(inside(resource.body, "spec", "routes"), "spec.routes"))
      weightedTargets({ ...resource, body: { route: item } }, ["route"], resources, draft, path);
  fromLattice(resources, draft);
}

/** A virtual node or gateway: what it answers with, how it calls, whether it ejects and writes logs. */
function endpoint(resource: RawResource, draft: Draft): void {
  const { id, name, body, type } = resource;
  const spec = one(body.spec);
  for (const { item, path } of items(spec.listeners ?? spec.listener, `${id}#spec.listeners`)) {
    const written = text(one(item.tls).mode);
    const mode = written !== undefined && isLater(written) ? "STRICT" : written;
    draft.raw.serverTls.push({
      path: `${path}.tls`,
      name: `${name}:${number(one(item.portMapping).port) ?? "?"}`,
      mode: mode === "STRICT" || mode === "PERMISSIVE" ? mode : "DISABLE",
    });
    draft.raw.resilience.push({
      path,
      host: name,
      outlierDetection: type.includes("Gateway") || item.outlierDetection !== undefined,
      healthCheck: item.healthCheck !== undefined,
    });
  }
  const policy = (client: unknown, path: string, host: string, required: boolean): void => {
    const tls = one(one(client).tls);
    const written = Object.keys(tls).length > 0;
    if (!written && !required) return;
    draft.raw.clientTls.push({
      path,
      host,
      mode: !written ? "NONE" : tls.enforce === false ? "DISABLE" : tls.certificate === undefined ? "SIMPLE" : "MUTUAL",
      verified: written && Object.keys(one(tls.validation)).length > 0,
      external: false,
    });
  };
  const backends = items(spec.backends, `${id}#spec.backends`);
  // Without backends it calls nobody; a backend with a policy of its own needs no default.
  const leftToDefault = backends.some(({ item }) => one(one(item.virtualService).clientPolicy).tls === undefined);
  policy(
    one(spec.backendDefaults).clientPolicy,
    `${id}#spec.backendDefaults.clientPolicy.tls`,
    `the backends of ${name}`,
    leftToDefault,
  );
  for (const { item, path } of backends) {
    const service = one(item.virtualService);
    policy(
      service.clientPolicy,
      `${path}.virtualService.clientPolicy.tls`,
      text(service.virtualServiceName) ?? text(inside(service, "virtualServiceRef", "name")) ?? "a backend",
      false,
    );
  }
  const logs = text(inside(one(spec.logging), "accessLog", "file", "path"));
  draft.raw.logging.push({ path: `${id}#spec.logging`, scope: name, on: logs !== undefined });
}

function provider(resource: RawResource, resources: Resources, draft: Draft): void {
  const { id, body } = resource;
  const to = one(inside(one(body.spec), "provider"));
  for (const [field, nameField, kind] of [
    ["virtualNode", "virtualNodeName", "VirtualNode"],
    ["virtualRouter", "virtualRouterName", "VirtualRouter"],
  ] as const) {
    const host = text(one(to[field])[nameField]);
    if (host === undefined) continue;
    const path = `${id}#spec.provider.${field}`;
    draft.raw.splits.push({ path, owner: id, destinations: [destination(path, host, kind, 1, resource, resources)] });
  }
}
const destination = (
  path: string,
  host: string,
  kind: string,
  weight: number | undefined,
  owner: RawResource,
  resources: Resources,
) => {
  const types = appMesh(kind);
  const known = types.some((type) => resources.mayHave(type, owner.namespace, host));
  // Nodes of another stack's mesh are not to be seen from here.
  const here = resources.of(...types).some((r) => r.namespace === owner.namespace);
  return { path, host, weight, kind: known || !here ? "known" : "missing" };
};

function weightedTargets(
  resource: RawResource,
  at: readonly string[],
  resources: Resources,
  draft: Draft,
  place?: string,
): void {
  const spec = fields(inside(resource.body, ...at));
  for (const kind of ["httpRoute", "http2Route", "grpcRoute", "tcpRoute"]) {
    const route = one(spec[kind]);
    if (Object.keys(route).length === 0) continue;
    const path = `${resource.id}#${place ?? "spec"}.${kind}.action.weightedTargets`;
    const destinations = items(one(route.action).weightedTargets, path).map(({ item, path: own }) => {
      const host = text(item.virtualNode) ?? text(inside(item, "virtualNodeRef", "name")) ?? "";
      return destination(own, host, "VirtualNode", number(item.weight), resource, resources);
    });
    draft.raw.splits.push({ path, owner: resource.id, destinations });
  }
}

function fromLattice(resources: Resources, draft: Draft): void {
  for (const kind of ["Service", "ServiceNetwork"])
    for (const { id, name, body } of resources.of(lattice(kind)))
      draft.raw.access.push({ path: `${id}#authType`, scope: name, closed: text(body.authType) === "AWS_IAM" });
  for (const kind of ["Listener", "ListenerRule"])
    for (const { id, name, body } of resources.of(lattice(kind))) {
      if (kind === "Listener") {
        const protocol = text(body.protocol) ?? "HTTPS";
        draft.raw.serverTls.push({ path: `${id}#protocol`, name, mode: protocol === "HTTP" ? "DISABLE" : "STRICT" });
      }
      const action = kind === "Listener" ? one(body.defaultAction) : one(body.action);
      for (const forward of [one(action.forward), one(action.forwards)]) {
        const path = `${id}#${kind === "Listener" ? "defaultAction" : "action"}.forward.targetGroups`;
        const destinations = items(forward.targetGroups, path).map(({ item, path: own }) => ({
          path: own,
          host: text(item.targetGroupIdentifier) ?? own,
          weight: number(item.weight),
          kind: "known",
        }));
        if (destinations.length > 0) draft.raw.splits.push({ path, owner: id, destinations });
      }
    }
  for (const { id, name, body } of resources.of(lattice("TargetGroup")))
    if (text(body.type) !== "LAMBDA")
      draft.raw.resilience.push({
        path: `${id}#config.healthCheck`,
        host: name,
        // Targets that fail their health check get no requests; there is nothing else to eject them.
        outlierDetection: true,
        healthCheck: isFields(one(body.config).healthCheck) && one(one(body.config).healthCheck).enabled !== false,
      });
  const networks = resources.of(lattice("ServiceNetwork"));
  const logs = resources.of("aws:vpclattice/serviceNetworkLogSubscription", lattice("AccessLogSubscription"));
  for (const { id, name } of networks)
    draft.raw.logging.push({ path: id, scope: `service network ${name}`, on: logs.length > 0 });
}
