import type { AuthorizationPolicy, AuthorizationRule, ClaimMatch, Operation, Source } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { defined, unlessEmpty } from "../k8s-resource";
import { type Context, istioResource, selectorOf } from "./context";
import { inhabited, selectorLabels } from "./mtls";
import { ownerOf, principalsFor } from "./names";

type Fields = Readonly<Record<string, unknown>>;

const list = <T>(values: readonly T[]): readonly T[] | undefined => (values.length > 0 ? values : undefined);
const texts = (ports: readonly number[]): readonly string[] => ports.map(String);

/** Services and principals both name identities: any of them. Undefined where nobody can be meant. */
function source(context: Context, from: Source): Fields | undefined {
  const principals = [...new Set([...from.services.flatMap((ref) => principalsFor(context, ref)), ...from.principals])];
  if (from.services.length > 0 && principals.length === 0) return undefined;
  return unlessEmpty(
    defined({
      principals: list(principals),
      namespaces: list(from.namespaces),
      ipBlocks: list(from.ipBlocks),
      requestPrincipals: list(from.requestPrincipals),
      notPrincipals: list(from.not.principals),
      notNamespaces: list(from.not.namespaces),
      notIpBlocks: list(from.not.ipBlocks),
    }),
  );
}

const operation = (to: Operation): Fields | undefined =>
  unlessEmpty(
    defined({
      methods: list(to.methods),
      paths: list(to.paths),
      ports: list(texts(to.ports)),
      hosts: list(to.hosts),
      notMethods: list(to.not.methods),
      notPaths: list(to.not.paths),
      notPorts: list(texts(to.not.ports)),
    }),
  );

/** `a.b` is the claim b inside the claim a. */
const condition = ({ claim, values, negate }: ClaimMatch): Fields => ({
  key: `request.auth.claims${claim
    .split(".")
    .map((part) => `[${part}]`)
    .join("")}`,
  [negate ? "notValues" : "values"]: values,
});

/** Undefined for a rule that nobody can meet. An entry without conditions takes everyone, so its part says nothing. */
function rule(context: Context, { from, to, when }: AuthorizationRule): Fields | undefined {
  const sources = from.map((each) => ({ asks: asksAnything(each), source: source(context, each) }));
  const meant = sources.filter(({ asks, source: fields }) => !asks || fields !== undefined);
  if (from.length > 0 && meant.length === 0) return undefined;
  const anyone = meant.some(({ asks }) => !asks);
  const operations = to.map(operation);
  return defined({
    from: from.length === 0 || anyone ? undefined : meant.map((each) => ({ source: each.source })),
    to: to.length === 0 || operations.includes(undefined) ? undefined : operations.map((each) => ({ operation: each })),
    when: list(when.map(condition)),
  });
}

const asksAnything = ({ not, services, principals, namespaces, ipBlocks, requestPrincipals }: Source): boolean =>
  [services, principals, namespaces, ipBlocks, requestPrincipals, ...Object.values(not)].some(
    (part) => part.length > 0,
  );

/** Undefined for a DENY that can never hold: istiod refuses one without rules. */
export function authorizationPolicy(context: Context, policy: AuthorizationPolicy): PlanResource[] {
  const rules = policy.rules.flatMap((each) => rule(context, each) ?? []);
  if (policy.action === "DENY" && rules.length === 0) return [];
  const labels = selectorLabels(context.model, policy.target);
  const spec = {
    ...selectorOf(labels),
    action: policy.action,
    // No rules at all: an ALLOW that allows nothing.
    ...(rules.length > 0 ? { rules } : {}),
  };
  return [istioResource(context, "AuthorizationPolicy", policy, spec, ownerOf("authorization", policy))];
}

/** An ALLOW without rules, for the whole namespace: what no other ALLOW names is refused. */
export function defaultDenies(context: Context): PlanResource[] {
  const { model } = context;
  const namespaces = model.policies.defaultDeny.flatMap(({ namespace }) =>
    namespace === "*" ? inhabited(model) : [namespace],
  );
  return [...new Set(namespaces)].map((namespace) =>
    istioResource(context, "AuthorizationPolicy", { name: "default.deny", namespace }, { action: "ALLOW" }, "mesh"),
  );
}
