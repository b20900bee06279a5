import { type Service, type Version } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { idOf } from "../k8s-resource";
import { runs } from "../k8s-workload";
import { type Context, EVERYWHERE, istioResource } from "./context";
import { hostOf, ownerOf, subsetRuleOf } from "./names";

import { trafficPolicy } from "./traffic";

/**
 * The host's policy is one DestinationRule, and each version's subset another; istiod merges them, as they are of one
 * host and namespace and export to the same (pilot's model/destination_rule.go). So a version goes by a delete, which
 * comes after the last update of a route that named it. Neither says how to use TLS: auto-mTLS asks every endpoint
 * what it takes (STRICT, PERMISSIVE and DISABLE included), where a fixed mode would break half of every change.
 */
export function destinationRules(context: Context, service: Service): PlanResource[] {
  const host = hostOf(context, service);
  const owner = ownerOf("service", service);
  const serviceId = idOf("Service", service.name, service.namespace);
  const policy = trafficPolicy(service.traffic, context.flavour);
  return [
    istioResource(context, "DestinationRule", service, { host, trafficPolicy: policy, ...EVERYWHERE }, owner, [
      serviceId,
    ]),
    ...service.versions.map((version) => {
      const subset = { name: version.name, labels: version.labels };
      const spec = { host, subsets: [subset], ...EVERYWHERE };
      const needs = [serviceId, ...deploymentOf(service, version)];
      return istioResource(context, "DestinationRule", subsetRuleOf(service, version), spec, owner, needs);
    }),
  ];
}

/** A route that names a subset waits, through the subset's rule, until the subset's pods are ready. */
const deploymentOf = (service: Service, { workload }: Version): string[] =>
  runs(workload) ? [idOf("Deployment", workload.name, service.namespace)] : [];
