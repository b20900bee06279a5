import { keyOf, type AuthorizationPolicy, type MtlsMode, type Port, type Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { type Context, linkerdResource } from "./context";
import { type Grant, grantsFor, isWide } from "./grants";
import { type InboundRoute, inboundRoutes, type InboundRoutes } from "./inbound-routes";
import { anchored, literal, pathOf } from "./matches";
import { networksOf } from "./networks";
import { probesOf } from "./probes";
import type { PathPattern, Region } from "./regions";
import { MOST } from "./route-resources";

type Fields = Readonly<Record<string, unknown>>;
const GROUP = "policy.linkerd.io";
const GATEWAY = "gateway.networking.k8s.io";

/** Who may come to one port, and the routes that tell their requests apart. */
export interface Admission extends InboundRoutes {
  readonly grants: readonly Grant[];
}

/**
 * What policies let in, and the kubelet's probes: it has no identity, and where a Server has routes (or the probe is a
 * gRPC one) Linkerd does not let it through by itself.
 */
export function admissionTo(
  context: Context,
  service: Service,
  port: Port,
  mode: MtlsMode,
  policies: readonly AuthorizationPolicy[],
  closes: boolean,
): Admission {
  const grants = grantsFor(context, service.namespace, port, mode, policies);
  const probes = closes ? probesOf(service, port) : [];
  const needed = probes.some(({ byItself }) => !byItself) || grants.some((grant) => !isWide(grant));
  if (probes.length === 0 || !needed) return { grants, ...inboundRoutes(grants) };
  const kubelet: Grant = {
    name: "probes",
    owner: `service:${keyOf(service)}`,
    regions: probes.map(({ region }) => region),
    callers: [{ networks: networksOf([], []) }],
  };
  const all = [...grants, kubelet];
  // Without a policy the Server's own access policy judges, on a route for all that is no probe.
  const byServer = policies.every(({ action }) => action !== "ALLOW");
  const { routes, ambiguous } = inboundRoutes(byServer ? [...all, EVERYBODY] : all);
  return { grants: all, routes, ambiguous };
}
/** Stands for the Server's access policy; nothing is written for it. */
const EVERYBODY: Grant = { name: "", owner: "", regions: [{}], callers: [] };

/** The authentications, authorization policies and routes of one Server. */
export function authorizationsFor(
  context: Context,
  service: Service,
  port: Port,
  { grants, routes }: Admission,
  server: PlanResource,
): readonly PlanResource[] {
  const base = `${service.name}-${port.targetPort}`;
  const written = routes.map((route, n) => routeResource(context, service, `${base}.${n}`, route, server));
  return [
    ...written,
    ...grants.flatMap((grant) => {
      const targets = isWide(grant)
        ? [{ ref: refTo(GROUP, server), id: server.id, suffix: "" }]
        : routes.flatMap((route, n) => {
            const resource = written[n];
            if (resource === undefined || !route.grants.includes(grant)) return [];
            return [{ ref: refTo(GATEWAY, resource), id: resource.id, suffix: `.on-${n}` }];
          });
      return grant.callers.flatMap((caller, c) => {
        const ref = { name: `${base}.${grant.name}.${c}`, namespace: service.namespace };
        const authentications = [
          ...(caller.identities === undefined
            ? []
            : [{ kind: "MeshTLSAuthentication", spec: { identities: [...new Set(caller.identities)] } } as const]),
          ...(caller.networks === undefined
            ? []
            : [{ kind: "NetworkAuthentication", spec: { networks: caller.networks } } as const]),
        ].map(({ kind, spec }) => linkerdResource(context, { kind, ref, spec, owner: grant.owner }));
        const required = authentications.map((each) => refTo(GROUP, each));
        return [
          ...authentications,
          ...targets.map((target) =>
            linkerdResource(context, {
              kind: "AuthorizationPolicy",
              ref: { ...ref, name: `${ref.name}${target.suffix}` },
              spec: { targetRef: target.ref, requiredAuthenticationRefs: required },
              owner: grant.owner,
              dependsOn: [target.id, ...authentications.map(({ id }) => id)],
            }),
          ),
        ];
      });
    }),
  ];
}

const refTo = (group: string, { properties: { kind, metadata } }: PlanResource): Fields => ({
  group,
  kind,
  name: (metadata as { readonly name: string }).name,
});

function routeResource(
  context: Context,
  service: Service,
  name: string,
  { host, regions }: InboundRoute,
  server: PlanResource,
): PlanResource {
  const matches = regions.map(matchOf);
  const rules: Fields[] = [];
  for (let at = 0; at < matches.length; at += MOST.matches)
    rules.push({ matches: matches.slice(at, at + MOST.matches) });
  return linkerdResource(context, {
    kind: "HTTPRoute",
    ref: { name, namespace: service.namespace },
    spec: { parentRefs: [refTo(GROUP, server)], ...(host !== undefined && { hostnames: [host] }), rules },
    owner: `service:${keyOf(service)}`,
    dependsOn: [server.id],
  });
}

const matchOf = ({ path, method }: Region): Fields => ({
  ...(path === undefined ? { path: { type: "PathPrefix", value: "/" } } : patternOf(path)),
  ...(method !== undefined && { method }),
});
function patternOf({ kind, value }: PathPattern): Fields {
  if (kind === "exact") return pathOf({ kind, value, ignoreCase: false });
  const pattern = kind === "prefix" ? `${literal(value)}.*` : `.*${literal(value)}`;
  return { path: { type: "RegularExpression", value: anchored(pattern) } };
}
