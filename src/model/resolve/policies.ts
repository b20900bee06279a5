import { DEFAULTS as D } from "../defaults";
import {
  keyOf,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type JwtPolicy,
  type MtlsMode,
  type MtlsPolicy,
  type Operation,
  type Policies,
  type Ref,
  type Source,
} from "../model";
import { at } from "../path";
import type { AuthorizationPolicySpec, JwtPolicySpec, MtlsPolicySpec, ReferenceSpec } from "../schema";
import type { Context } from "./context";
import type { ResolvedTarget, Targets } from "./targets";

type RuleSpec = NonNullable<AuthorizationPolicySpec["rules"]>[number];
type SourceSpec = NonNullable<RuleSpec["from"]>[number];
type OperationSpec = NonNullable<RuleSpec["to"]>[number];

type MtlsDraft = Omit<MtlsPolicy, "mode"> & { readonly mode: MtlsMode | undefined };

export function resolvePolicies(targets: Targets, meshMode: MtlsMode, context: Context): Policies {
  const spec = context.spec.policies ?? {};
  const mtls = inherited(
    each(spec.mtls, "policies.mtls", (policy, path) => resolveMtls(policy, path, targets, context)),
    meshMode,
  );
  const authorization = each(spec.authorization, "policies.authorization", (policy, path) =>
    resolveAuthorization(policy, path, targets, context),
  );
  const jwt = each(spec.jwt, "policies.jwt", (policy, path) => resolveJwt(policy, path, targets, context));
  const kinds = [
    ["mTLS policy", mtls],
    ["authorization policy", authorization],
    ["JWT policy", jwt],
  ] as const;
  for (const [kind, policies] of kinds) {
    context.unique<Ref & { readonly path: string }>(kind, policies, keyOf, (policy) => at(policy.path, "name"));
    for (const policy of policies) context.mention(policy.namespace, policy.path);
  }
  checkOneMode(mtls, context);
  return { mtls, authorization, jwt, defaultDeny: resolveDefaultDeny(spec.defaultDeny, targets, context) };
}

function each<S, R>(
  specs: readonly S[] | undefined,
  list: string,
  resolve: (spec: S, path: string) => R | undefined,
): R[] {
  const resolved: R[] = [];
  for (const [index, spec] of (specs ?? []).entries()) {
    const one = resolve(spec, at(list, index));
    if (one !== undefined) resolved.push(one);
  }
  return resolved;
}

function resolveMtls(spec: MtlsPolicySpec, path: string, targets: Targets, context: Context): MtlsDraft | undefined {
  const resolved = targets.resolve(spec, path);
  if (resolved === undefined) return undefined;
  const ports = Object.entries(spec.ports ?? {}).map(([port, mode]) => ({
    path: at(at(path, "ports"), port),
    port: Number(port),
    mode,
  }));
  checkPorts(ports, resolved, path, context);
  return {
    path,
    name: spec.name,
    namespace: resolved.namespace,
    target: resolved.target,
    mode: spec.mode,
    ports,
  };
}

/** A mode left out is the namespace's, and that one's the mesh's. */
function inherited(drafts: readonly MtlsDraft[], meshMode: MtlsMode): MtlsPolicy[] {
  const ofNamespace = new Map<string, MtlsMode>();
  for (const { namespace, target, mode = meshMode } of drafts) {
    if (target.service === undefined && target.selector === undefined) ofNamespace.set(namespace, mode);
  }
  return drafts.map((draft) => ({ ...draft, mode: draft.mode ?? ofNamespace.get(draft.namespace) ?? meshMode }));
}

/** Modes by port go by the port that the workload listens on, and need to know the workload. */
function checkPorts(ports: MtlsPolicy["ports"], resolved: ResolvedTarget, path: string, context: Context): void {
  if (ports.length > 0 && resolved.ports === undefined) {
    const message = "ports of a whole namespace are not known";
    context.report("MESH0028", at(path, "ports"), message, "Add target: { service: … } or a selector.");
    return;
  }
  for (const port of ports) {
    if (resolved.ports?.some(({ targetPort }) => targetPort === port.port)) continue;
    const called = resolved.ports?.find((each) => each.port === port.port);
    const message = `no workload listens on port ${port.port}`;
    const remedy =
      called === undefined
        ? `Choose from ${[...new Set(resolved.ports?.map(({ targetPort }) => targetPort))].join(", ")}.`
        : `${port.port} is the service's port; the workload listens on ${called.targetPort}: write that.`;
    context.report("MESH0028", port.path, message, remedy);
  }
}

/** Two policies for one thing: which of them counts is not defined. */
function checkOneMode(policies: readonly MtlsPolicy[], context: Context): void {
  const seen = new Map<string, MtlsPolicy>();
  for (const policy of policies) {
    const { namespace, service, selector } = policy.target;
    const labels = selector === undefined ? "" : JSON.stringify(Object.entries(selector).sort());
    const key = `${namespace} ${service?.name ?? ""} ${labels}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, policy);
    else
      context.report(
        "MESH0050",
        policy.path,
        `policy ${first.name} is for the same target`,
        "Make one policy of them.",
      );
  }
}

function resolveAuthorization(
  spec: AuthorizationPolicySpec,
  path: string,
  targets: Targets,
  context: Context,
): AuthorizationPolicy | undefined {
  const resolved = targets.resolve(spec, path);
  const namespace = resolved?.namespace ?? spec.namespace ?? context.namespace;
  const rules = each(spec.rules, at(path, "rules"), (rule, here) => resolveRule(rule, here, namespace, context));
  if (resolved === undefined) return undefined;
  return {
    path,
    name: spec.name,
    namespace,
    target: resolved.target,
    action: spec.action ?? D.authorizationAction,
    rules,
  };
}

const resolveRule = (spec: RuleSpec, path: string, namespace: string, context: Context): AuthorizationRule => ({
  path,
  from: each(spec.from, at(path, "from"), (from, here) => resolveSource(from, here, namespace, context)),
  to: each(spec.to, at(path, "to"), resolveOperation),
  when: each(spec.when, at(path, "when"), (when, here) => ({
    path: here,
    claim: when.claim,
    values: when.values,
    negate: when.negate ?? D.negate,
  })),
});

function resolveSource(spec: SourceSpec, path: string, namespace: string, context: Context): Source {
  const services: Ref[] = [];
  const add = (service: ReferenceSpec, here: string) => {
    const found = context.findOwn(service, namespace, here);
    if (found !== undefined) services.push({ name: found.name, namespace: found.namespace });
  };
  if (spec.service !== undefined) add(spec.service, at(path, "service"));
  const list = at(path, "services");
  for (const [index, service] of (spec.services ?? []).entries()) add(service, at(list, index));
  return {
    path,
    services,
    principals: spec.principals ?? [],
    namespaces: spec.namespaces ?? [],
    ipBlocks: spec.ipBlocks ?? [],
    requestPrincipals: spec.requestPrincipals ?? [],
    not: spec.not === undefined ? NOBODY : notOf(spec.not),
  };
}

const notOf = ({ principals = [], namespaces = [], ipBlocks = [] }: NonNullable<SourceSpec["not"]>): Source["not"] => ({
  principals,
  namespaces,
  ipBlocks,
});
const NOBODY = notOf({});

const resolveOperation = (spec: OperationSpec, path: string): Operation => ({
  path,
  methods: spec.methods ?? [],
  paths: spec.paths ?? [],
  ports: spec.ports ?? [],
  hosts: spec.hosts ?? [],
  not: { methods: spec.not?.methods ?? [], paths: spec.not?.paths ?? [], ports: spec.not?.ports ?? [] },
});

function resolveJwt(spec: JwtPolicySpec, path: string, targets: Targets, context: Context): JwtPolicy | undefined {
  const resolved = targets.resolve(spec, path);
  if ((spec.jwksUri === undefined) === (spec.jwks === undefined)) {
    const message = "exactly one of jwksUri and jwks says which keys count";
    context.report("MESH0052", path, message, "Add jwksUri: where the issuer publishes its keys, and nothing else.");
  }
  if (resolved === undefined) return undefined;
  return {
    path,
    name: spec.name,
    namespace: resolved.namespace,
    target: resolved.target,
    issuer: spec.issuer,
    audiences: spec.audiences ?? [],
    ...(spec.jwksUri === undefined ? {} : { jwksUri: spec.jwksUri }),
    ...(spec.jwks === undefined ? {} : { jwks: spec.jwks }),
    fromHeaders: spec.fromHeaders?.map(({ name, prefix }) => ({ name, prefix: prefix ?? D.jwt.ownHeaderPrefix })) ?? [
      { name: D.jwt.header, prefix: D.jwt.prefix },
    ],
    forward: spec.forward ?? D.jwt.forward,
    required: spec.required ?? D.jwt.required,
  };
}

function resolveDefaultDeny(
  spec: boolean | readonly string[] = D.defaultDeny,
  targets: Targets,
  context: Context,
): Policies["defaultDeny"] {
  const path = "policies.defaultDeny";
  if (typeof spec === "boolean") return spec ? [{ path, namespace: "*" }] : [];
  for (const [index, namespace] of spec.entries()) {
    if (namespace === "*" || targets.knows(namespace)) continue;
    const message = `nothing of this mesh is in namespace ${namespace}`;
    context.report("MESH0027", at(path, index), message, targets.namespacesRemedy());
  }
  context.unique(
    "namespace",
    spec,
    (namespace) => namespace,
    (_namespace, index) => at(path, index),
  );
  return spec.map((namespace, index) => ({ path: at(path, index), namespace }));
}
