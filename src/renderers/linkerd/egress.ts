import { keyOf, type ExternalService, type Port, type Ref } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { type Context, linkerdResource } from "./context";

const EGRESS = "egress";
const GROUP = "policy.linkerd.io";

/**
 * Egress that is closed: in every namespace a network of all that is outside, denied but for the routes of declared
 * hosts; hosts known by address get a network of their own. Open egress needs nothing, as that is what Linkerd does.
 */
export function egress(context: Context): PlanResource[] {
  const { model } = context;
  if (model.egress.mode !== "REGISTRY_ONLY") return [];
  const namespaces = [...new Set(model.services.map((service) => service.namespace))];
  return namespaces.flatMap((namespace) => {
    const outside = network(context, { name: EGRESS, namespace }, "mesh");
    const called = model.externalServices.filter((external) => mayCall(context, namespace, external));
    return [outside, ...called.flatMap((external) => opened(context, namespace, external, outside))];
  });
}

const network = (context: Context, ref: Ref, owner: string, addresses: readonly string[] = []): PlanResource =>
  linkerdResource(context, {
    kind: "EgressNetwork",
    ref,
    spec: {
      trafficPolicy: "Deny",
      ...(addresses.length > 0 && { networks: addresses.map((address) => ({ cidr: cidrOf(address) })) }),
    },
    owner,
  });
const cidrOf = (address: string): string =>
  address.includes("/") ? address : `${address}/${address.includes(":") ? 128 : 32}`;

/** Hosts that services of this namespace say they call; the call graph decides, as it does on other meshes. */
const mayCall = ({ model }: Context, namespace: string, external: ExternalService): boolean =>
  model.services.some(
    (service) =>
      service.namespace === namespace &&
      service.calls.some((call) => call.kind === "external" && keyOf(call) === keyOf(external)),
  );

function opened(context: Context, namespace: string, external: ExternalService, outside: PlanResource): PlanResource[] {
  const owner = `external:${keyOf(external)}`;
  // Names of routes hold no dots, so `egress.bank.shop` is nobody else's.
  const own = { name: `${EGRESS}.${external.name}.${external.namespace}`, namespace };
  const within = external.addresses.length === 0 ? outside : network(context, own, owner, external.addresses);
  const name = within === outside ? EGRESS : own.name;
  const routes = external.ports.map((port) => {
    const network = { group: GROUP, kind: "EgressNetwork", name, namespace, port: port.port };
    const kind = routeKind(external, port);
    return linkerdResource(context, {
      kind,
      ref: { name: `${own.name}.${port.port}`, namespace },
      spec: {
        parentRefs: [network],
        // A TCP route has no names: it opens the port to every address of its network.
        ...(kind !== "TCPRoute" && { hostnames: external.hosts }),
        rules: [kind === "HTTPRoute" || kind === "GRPCRoute" ? {} : { backendRefs: [network] }],
      },
      owner,
      dependsOn: [within.id],
    });
  });
  return within === outside ? routes : [within, ...routes];
}

function routeKind(external: ExternalService, port: Port): "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" {
  if (port.protocol === "tls" || external.tls !== undefined) return "TLSRoute";
  if (port.protocol === "tcp") return "TCPRoute";
  return port.protocol === "grpc" ? "GRPCRoute" : "HTTPRoute";
}
