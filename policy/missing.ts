import { type Estate, isLater, type Reference, serviceOf } from "../src/facts";
import type { RuleHit } from "./rule";

/** Groups whose resources no stack can be expected to hold: they come with the cluster. */
const given = new Set(["gateway.networking.k8s.io/GatewayClass", "networking.istio.io/ServiceEntry"]);

/** References to what is not there, where its namespace is one whose resources are here. */
export function* missing({ raw, resources, facts }: Estate, use: Reference["use"]): Iterable<RuleHit> {
  for (const { path, type, namespace, name, use: own } of raw.references) {
    if (own !== use || given.has(type) || isLater(name) || name === "") continue;
    if (resources.mayHave(type, namespace, name)) continue;
    const here = resources.ownsNamespace(namespace) || resources.of(type).some((r) => r.namespace === namespace);
    if (!here) continue;
    // A service account without a manifest still has an identity where a workload runs as it.
    const runs =
      type === "core/ServiceAccount" &&
      facts.workloads.some((w) => w.namespace === namespace && w.serviceAccount === name);
    if (runs || serviceOf(name)) continue;
    yield { path, message: `There is no ${type.split("/")[1]} ${namespace}/${name}`, found: name };
  }
}
