import type { WorkloadFact } from "../facts";
import type { Match, Protocol, Route, Rule, Service } from "../model/model";

/** How a route's rule is called in a message: its name, or its place. */
export const ruleName = (route: Route, rule: Rule): string =>
  rule.name ? `${route.name}/${rule.name}` : `rule ${route.rules.indexOf(rule) + 1} of ${route.name}`;
export const hasRequests = (route: Route): boolean => route.kind === "http" || route.kind === "grpc";
const l7 = new Set<Protocol>(["http", "http2", "grpc"]);
export const isHttp = (protocol: Protocol): boolean => l7.has(protocol);
export const replicasOf = (service: Service): number | undefined => {
  if (service.versions.length === 0 || service.versions.some((v) => !v.workload)) return undefined;
  return service.versions.reduce((sum, v) => sum + (v.workload?.replicas ?? 0), 0);
};
/** The methods that a rule takes; empty means all. */
export const methodsOf = (matches: readonly Match[]): readonly string[] =>
  matches.length === 0 || matches.some((m) => m.methods.length === 0) ? [] : matches.flatMap((m) => m.methods);
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
export const hasEnvironment = (workload: WorkloadFact): boolean =>
  Object.keys(workload.container?.env ?? {}).length > 0;
