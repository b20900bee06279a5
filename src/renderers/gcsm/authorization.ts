import { principalsOf, serviceOf } from "../../model/lookup";
import {
  keyOf,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type Model,
  type Operation,
  type Service,
  type Source,
} from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { authorizationFor, deniedByDefault } from "../authorization-targets";
import { nameOf, trustDomainOf } from "./names";
import { projectOf } from "./settings";

type Fields = Readonly<Record<string, unknown>>;
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/** Policies that can be written for a service; AUDIT is an accepted loss, and so is a DENY of which nothing is left. */
export const policiesFor = (model: Model, service: Service): readonly AuthorizationPolicy[] =>
  authorizationFor(model, service).filter(
    (policy) =>
      policy.action !== "AUDIT" &&
      (policy.action === "ALLOW" || policy.rules.some((rule) => ruleFields(model, service, rule).length > 0)),
  );

/**
 * The one policy that an endpoint can carry: its ALLOW rules together, or its DENY rules, or a DENY of everything
 * where nothing is allowed. A service with both kinds is an error of this backend (`losses`).
 */
export function authorizationPolicy(model: Model, service: Service): PlanResource | undefined {
  const policies = policiesFor(model, service);
  const allows = policies.filter(({ action }) => action === "ALLOW");
  const chosen = allows.length > 0 ? allows : policies;
  if (chosen.length === 0 && !deniedByDefault(model, service)) return undefined;
  const rules = chosen.flatMap((policy) => policy.rules.flatMap((rule) => ruleFields(model, service, rule)));
  // An ALLOW without a rule that can be written lets nobody in: a DENY without rules.
  const action = allows.length > 0 && rules.length > 0 ? "ALLOW" : "DENY";
  const name = nameOf(model.name, service.namespace, service.name);
  return {
    id: `networksecurity.AuthorizationPolicy/${keyOf(service)}`,
    type: "gcp:networksecurity/authorizationPolicy:AuthorizationPolicy",
    name,
    properties: { name, ...projectOf(model), location: "global", action, ...(rules.length > 0 && { rules }) },
    owner: `service:${keyOf(service)}`,
    dependsOn: [],
    provider: "gcp",
  };
}

function ruleFields(model: Model, service: Service, rule: AuthorizationRule): readonly Fields[] {
  // A claim can be asked nowhere: the rule lets nobody in.
  if (rule.when.length > 0) return [];
  const sources = rule.from.flatMap((source) => sourceFields(model, source));
  if (rule.from.length > 0 && sources.length === 0) return [];
  const destinations = rule.to.map((to) => destinationFields(service, to));
  // Within a rule of Google's all sources and all destinations must match; any of ours does, so each pair is a rule.
  return orNone(sources).flatMap((source) =>
    orNone(destinations).map((destination) => ({
      ...(source !== undefined && { sources: [source] }),
      ...(destination !== undefined && { destinations: [destination] }),
    })),
  );
}

const orNone = (list: readonly Fields[]): readonly (Fields | undefined)[] => (list.length === 0 ? [undefined] : list);

function sourceFields(model: Model, source: Source): readonly Fields[] {
  const trustDomain = trustDomainOf(model);
  const principals = trustDomain === undefined ? [] : principalsFor({ ...model, trustDomain }, source);
  const named = source.services.length + source.principals.length + source.namespaces.length > 0;
  if ((named && principals.length === 0) || source.requestPrincipals.length > 0) return [];
  return [
    {
      ...(principals.length > 0 && { principals }),
      ...(source.ipBlocks.length > 0 && { ipBlocks: source.ipBlocks }),
    },
  ];
}

/** Principals match exactly, or by a prefix that ends in `*`. */
const principalsFor = (model: Model, source: Source): readonly string[] => [
  ...source.services.flatMap((ref) => {
    const service = serviceOf(model, ref);
    return service === undefined ? [] : principalsOf(model, service).map((principal) => `spiffe://${principal}`);
  }),
  ...source.principals.map((principal) => (principal === "*" ? "*" : `spiffe://${principal}`)),
  ...source.namespaces.map((namespace) => `spiffe://${model.trustDomain}/ns/${namespace}/*`),
];

/** Hosts, methods and ports are all required there, so what was not asked is written as everything. */
const destinationFields = (service: Service, to: Operation): Fields => ({
  hosts: to.hosts.length > 0 ? to.hosts : ["*"],
  methods: to.methods.length > 0 ? to.methods : METHODS,
  ports: to.ports.length > 0 ? to.ports : service.ports.map(({ targetPort }) => targetPort),
});
