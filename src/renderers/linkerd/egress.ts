import { keyOf, type ExternalService, type Port } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { type Context, linkerdResource } from "./context";

type Fields = Readonly<Record<string, unknown>>;
const EGRESS = "egress";

/**
 * Egress that is closed: in every namespace a network of all that is outside, denied but for the routes of declared
 * hosts. Open egress needs nothing, as that is what Linkerd does.
 */
export function egress(context: Context): PlanResource[] {
  const { model } = context;
  if (model.egress.mode !== "REGISTRY_ONLY") return [];
  const namespaces = [...new Set(model.services.map((service) => service.namespace))];
  return namespaces.flatMap((namespace) => {
    const network = linkerdResource(context, {
      kind: "EgressNetwork",
      ref: { name: EGRESS, namespace },
      spec: { trafficPolicy: "Deny" },
      owner: "mesh",
    });
    const called = model.externalServices.filter((external) => mayCall(context, namespace, external));
    return [network, ...called.flatMap((external) => allow(context, namespace, external, network.id))];
  });
}

/** Hosts that services of this namespace say they call; the call graph decides, as it does on other meshes. */
const mayCall = ({ model }: Context, namespace: string, external: ExternalService): boolean =>
  model.services.some(
    (service) =>
      service.namespace === namespace &&
      service.calls.some((call) => call.kind === "external" && keyOf(call) === keyOf(external)),
  );

function allow(context: Context, namespace: string, external: ExternalService, network: string): PlanResource[] {
  return external.ports.map((port) => {
    const parentRefs: readonly Fields[] = [
      { group: "policy.linkerd.io", kind: "EgressNetwork", name: EGRESS, namespace, port: port.port },
    ];
    const kind = routeKind(external, port);
    const backendRefs = [{ group: "policy.linkerd.io", kind: "EgressNetwork", name: EGRESS, port: port.port }];
    return linkerdResource(context, {
      kind,
      ref: { name: `${external.name}-${port.port}`, namespace },
      spec: {
        parentRefs,
        // A TCP route has no names: it opens the port to every address.
        ...(kind !== "TCPRoute" && { hostnames: external.hosts }),
        rules: [kind === "HTTPRoute" || kind === "GRPCRoute" ? {} : { backendRefs }],
      },
      owner: `external:${keyOf(external)}`,
      dependsOn: [network],
    });
  });
}

function routeKind(external: ExternalService, port: Port): "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" {
  if (port.protocol === "tls" || external.tls !== undefined) return "TLSRoute";
  if (port.protocol === "tcp") return "TCPRoute";
  return port.protocol === "grpc" ? "GRPCRoute" : "HTTPRoute";
}
