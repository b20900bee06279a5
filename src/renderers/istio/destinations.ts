import { externalServiceOf, serviceOf } from "../../model/lookup";
import type { Ref, RouteBackend } from "../../model/model";
import { idOf } from "../k8s-resource";
import type { Context } from "./context";
import { destinationRuleId, hostOf, subsetRuleOf } from "./names";

type Target = Ref & Pick<RouteBackend, "kind" | "version" | "port">;

/** Where requests go: host, subset and port, all written out. */
export const destination = (context: Context, to: Target): Readonly<Record<string, unknown>> => ({
  host: to.kind === "external" ? (externalServiceOf(context.model, to)?.hosts[0] ?? to.name) : hostOf(context, to),
  ...(to.version === undefined ? {} : { subset: to.version }),
  port: { number: to.port },
});

export const weighted = (context: Context, backends: readonly RouteBackend[]): readonly unknown[] =>
  backends.map((backend) => ({
    destination: destination(context, backend),
    // A single destination takes everything, so its weight says nothing.
    ...(backends.length > 1 ? { weight: backend.weight } : {}),
  }));

/**
 * What must exist before a route may name it, and may only go after the last route stopped: the rule of the subset,
 * or of the whole service, or the ServiceEntry.
 */
export function destinationNeeds(context: Context, to: Target): string {
  if (to.kind === "external") return idOf("ServiceEntry", to.name, to.namespace);
  const service = serviceOf(context.model, to);
  const version = service?.versions.find(({ name }) => name === to.version);
  return destinationRuleId(service === undefined || version === undefined ? to : subsetRuleOf(service, version));
}
