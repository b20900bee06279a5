import type { AuthorizationRule, Ref, Source } from "../model/model";
import type { Facts } from "./facts";

/** Exact, or with `*` at either end; `*` alone is any text that is there. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === "*") return text !== "";
  if (pattern.startsWith("*") && pattern.endsWith("*")) return text.includes(pattern.slice(1, -1));
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}

export interface Identity {
  readonly principal: string;
  readonly namespace: string;
}

/** The identities that a service's workloads have; empty where its pods are not part of the model. */
export const identitiesOf = (facts: Facts, service: Ref): readonly Identity[] => facts.lookup.identitiesOf(service);

/** Whether the rule asks who calls, by an identity that only mTLS proves. */
export const asksIdentity = (source: Source): boolean =>
  source.services.length + source.principals.length + source.namespaces.length > 0 ||
  source.not.principals.length + source.not.namespaces.length > 0;

/** Whether the source could be this caller; addresses and tokens are taken as fitting. */
export function couldBe(facts: Facts, source: Source, caller: Identity): boolean {
  const { principals, namespaces, services, not } = source;
  if (principals.length > 0 || services.length > 0) {
    const byName = principals.some((p) => matchesPattern(p, caller.principal));
    const byService = (service: Ref) => {
      const identities = identitiesOf(facts, service);
      // Pods that exist already may have any identity.
      return identities.length === 0 || identities.some((i) => i.principal === caller.principal);
    };
    if (!byName && !services.some(byService)) return false;
  }
  if (namespaces.length > 0 && !namespaces.includes(caller.namespace)) return false;
  return !not.principals.some((p) => matchesPattern(p, caller.principal)) && !not.namespaces.includes(caller.namespace);
}

/** Whether the rule lets the caller do anything on one of the workload's ports; `undefined` means any port. */
export const ruleAdmits = (facts: Facts, rule: AuthorizationRule, caller: Identity, port?: number): boolean =>
  (rule.from.length === 0 || rule.from.some((source) => couldBe(facts, source, caller))) &&
  (port === undefined || rule.to.length === 0 || rule.to.some((t) => t.ports.length === 0 || t.ports.includes(port)));
