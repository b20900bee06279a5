import { serviceOf } from "../../model/lookup";
import {
  keyOf,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type Operation,
  type Port,
  type Service,
  type Source,
} from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { type Context, linkerdResource } from "./context";
import { everyoneIn, identitiesOf, identityOf } from "./names";

type Fields = Readonly<Record<string, unknown>>;
const GROUP = "policy.linkerd.io";

/**
 * ALLOW policies on one port: for every way in, who may come (a MeshTLSAuthentication, a NetworkAuthentication, or
 * both) and where to (the Server, or an HTTPRoute on it). An empty rule list allows nobody: the Server denies.
 */
export function authorizationsFor(
  context: Context,
  service: Service,
  port: Port,
  policies: readonly AuthorizationPolicy[],
  server: PlanResource,
): PlanResource[] {
  const allows = policies.filter(({ action }) => action === "ALLOW");
  const resources = allows.flatMap((policy) =>
    policy.rules.flatMap((rule, r) => {
      const operations = rule.to.filter((to) => to.ports.length === 0 || to.ports.includes(port.targetPort));
      if (rule.to.length > 0 && operations.length === 0) return [];
      const name = `${service.name}-${port.port}-${policy.name}-${r}`;
      const owner = `authorization:${keyOf(policy)}`;
      const { targets, routes } = targetsOf(context, service, name, owner, operations, server);
      const sources: readonly (Source | undefined)[] = rule.from.length === 0 ? [undefined] : rule.from;
      return [
        ...routes,
        ...sources.flatMap((source, s) =>
          targets.flatMap((target, t) =>
            authorization(
              context,
              service,
              `${name}-${s}${targets.length > 1 ? `-${t}` : ""}`,
              owner,
              source,
              rule,
              target,
            ),
          ),
        ),
      ];
    }),
  );
  // With one route on the Server, whatever no route names is refused, the kubelet's probes too.
  const routed = resources.some((resource) => resource.id.startsWith("HTTPRoute/"));
  return routed ? [...resources, ...probes(context, service, port, server)] : resources;
}

interface AuthorizationTarget {
  readonly ref: Fields;
  readonly id: string;
}

function targetsOf(
  context: Context,
  service: Service,
  name: string,
  owner: string,
  operations: readonly Operation[],
  server: PlanResource,
): { targets: readonly AuthorizationTarget[]; routes: readonly PlanResource[] } {
  const narrow = operations.filter(({ methods, paths, hosts }) => methods.length + paths.length + hosts.length > 0);
  // One operation without a condition opens the whole port, whatever the others say.
  if (narrow.length < operations.length || operations.length === 0)
    return { targets: [{ ref: serverRef(server), id: server.id }], routes: [] };
  const routes = narrow.map((operation, o) =>
    linkerdResource(context, {
      kind: "HTTPRoute",
      ref: { name: `${name}-${o}`, namespace: service.namespace },
      spec: {
        parentRefs: [serverRef(server)],
        ...(operation.hosts.length > 0 && { hostnames: operation.hosts }),
        rules: [{ matches: operationMatches(operation) }],
      },
      owner,
      dependsOn: [server.id],
    }),
  );
  return {
    routes,
    targets: routes.map((route) => ({
      ref: { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: nameOf(route) },
      id: route.id,
    })),
  };
}

const nameOf = (resource: PlanResource): string => (resource.properties.metadata as { readonly name: string }).name;
const serverRef = (server: PlanResource): Fields => ({ group: GROUP, kind: "Server", name: nameOf(server) });

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
function pathMatch(path: string): Fields {
  if (path === "*") return { path: { type: "PathPrefix", value: "/" } };
  if (path.startsWith("*")) return { path: { type: "RegularExpression", value: `.*${literal(path.slice(1))}` } };
  // `/cart/*` takes /cart/ and what is below, not /cart itself, as an authorization path means everywhere else.
  if (path.endsWith("*")) return { path: { type: "RegularExpression", value: `${literal(path.slice(0, -1))}.*` } };
  return { path: { type: "Exact", value: path } };
}
function operationMatches({ methods, paths }: Operation): readonly Fields[] {
  const byPath: readonly Fields[] = paths.length === 0 ? [{}] : paths.map(pathMatch);
  return byPath.flatMap((path) => (methods.length === 0 ? [path] : methods.map((method) => ({ ...path, method }))));
}

function authorization(
  context: Context,
  service: Service,
  name: string,
  owner: string,
  source: Source | undefined,
  rule: AuthorizationRule,
  target: AuthorizationTarget,
): PlanResource[] {
  // A claim can be asked nowhere, so a rule that needs one lets nobody in rather than everybody.
  if (rule.when.length > 0 || (source !== undefined && source.requestPrincipals.length > 0)) return [];
  const identities = source === undefined ? [] : identitiesFor(context, source);
  const named =
    source !== undefined && source.services.length + source.principals.length + source.namespaces.length > 0;
  // Named callers without one identity that Linkerd can write: nobody.
  if (named && identities.length === 0) return [];
  const networks = (source?.ipBlocks ?? []).map((cidr) => ({
    cidr,
    ...((source?.not.ipBlocks.length ?? 0) > 0 && { except: source?.not.ipBlocks }),
  }));
  const anyone = !named && networks.length === 0;
  const ref = { name, namespace: service.namespace };
  const authentications: PlanResource[] = [
    ...(named ? [linkerdResource(context, { kind: "MeshTLSAuthentication", ref, spec: { identities }, owner })] : []),
    ...(networks.length > 0 || anyone
      ? [
          linkerdResource(context, {
            kind: "NetworkAuthentication",
            ref,
            spec: { networks: anyone ? [{ cidr: "0.0.0.0/0" }, { cidr: "::/0" }] : networks },
            owner,
          }),
        ]
      : []),
  ];
  return [
    ...authentications,
    linkerdResource(context, {
      kind: "AuthorizationPolicy",
      ref,
      spec: {
        targetRef: target.ref,
        requiredAuthenticationRefs: authentications.map((authentication) => ({
          group: GROUP,
          kind: authentication.properties.kind,
          name,
        })),
      },
      owner,
      dependsOn: [target.id, ...authentications.map(({ id }) => id)],
    }),
  ];
}

function identitiesFor(context: Context, source: Source): readonly string[] {
  return [
    ...source.services.flatMap((ref) => {
      const service = serviceOf(context.model, ref);
      return service === undefined ? [] : identitiesOf(context, service);
    }),
    ...source.principals.flatMap((principal) => identityOf(context, principal) ?? []),
    ...source.namespaces.map((namespace) => everyoneIn(context, namespace)),
  ];
}

/** The paths that the kubelet asks, open to the network, since it has no identity. */
function probes(context: Context, service: Service, port: Port, server: PlanResource): PlanResource[] {
  const paths = service.versions.flatMap(({ workload }) => {
    const { liveness, readiness, startup } = workload?.container?.probes ?? {};
    return [liveness, readiness, startup].flatMap((probe) =>
      probe?.kind === "http" && (probe.port ?? workload?.container?.port) === port.targetPort
        ? [probe.httpPath ?? "/"]
        : [],
    );
  });
  if (paths.length === 0) return [];
  const ref = { name: `${service.name}-${port.port}-probes`, namespace: service.namespace };
  const owner = `service:${keyOf(service)}`;
  const route = linkerdResource(context, {
    kind: "HTTPRoute",
    ref,
    spec: {
      parentRefs: [serverRef(server)],
      rules: [{ matches: [...new Set(paths)].map((value) => ({ path: { type: "Exact", value }, method: "GET" })) }],
    },
    owner,
    dependsOn: [server.id],
  });
  const target = { ref: { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: ref.name }, id: route.id };
  const everyone: AuthorizationRule = { path: "", from: [], to: [], when: [] };
  return [route, ...authorization(context, service, ref.name, owner, undefined, everyone, target)];
}
