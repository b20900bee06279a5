import { serviceOf } from "../../model/lookup";
import type { Model, Parent, Route, Rule } from "../../model/model";
import { Kept } from "../kept";

/** What clients of one namespace see of a route: rules on services, in a resource that stands in that namespace. */
export interface Attachment {
  readonly namespace: string;
  readonly parents: readonly Parent[];
  readonly rules: readonly Rule[];
}

/**
 * A resource in a service's own namespace is for all clients; one elsewhere is for the clients there and takes the
 * place of the service's own (GAMMA's producer and consumer routes). So a rule for callers of one namespace is written
 * there, with the other rules; one for callers of the service's own namespace is written with the service, and every
 * other namespace that the mesh names gets the route without it.
 */
export const attachmentsOf = (model: Model, route: Route): readonly Attachment[] =>
  kept.of([model], route, () => attachments(model, route));
const kept = new Kept<readonly Attachment[]>();

function attachments(model: Model, route: Route): readonly Attachment[] {
  const parents = route.parents.filter(({ kind }) => kind === "service");
  const homes = new Set(parents.map(({ namespace }) => namespace));
  const callers = new Set(route.rules.flatMap((rule) => rule.matches.flatMap(({ source }) => source?.namespace ?? [])));
  const all = [...callers].some((namespace) => homes.has(namespace));
  const consumers = new Set([...callers, ...(all ? model.namespaces.map(({ name }) => name) : [])]);
  return [...new Set([...homes, ...consumers])].flatMap((namespace): Attachment[] => {
    const rules = seenFrom(route.rules, namespace);
    const attached = parents.filter((parent) => parent.namespace === namespace || consumers.has(namespace));
    return rules.length === 0 ? [] : [{ namespace, parents: attached, rules }];
  });
}

const seenFrom = (rules: readonly Rule[], namespace: string): readonly Rule[] =>
  rules.flatMap((rule) => {
    const matches = rule.matches.filter(({ source }) => (source?.namespace ?? namespace) === namespace);
    return rule.matches.length > 0 && matches.length === 0 ? [] : [{ ...rule, matches }];
  });

/** The service ports that a parent means: one, or all. */
export const portsOf = (model: Model, parent: Parent): readonly number[] =>
  parent.port === undefined ? (serviceOf(model, parent)?.ports ?? []).map(({ port }) => port) : [parent.port];
