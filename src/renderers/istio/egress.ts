import { podLabelsOf } from "../../model/lookup";
import type { Model, Service, Version } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { conventionalPortName } from "../k8s-service";
import { runs } from "../k8s-workload";
import { type Context, istioResource } from "./context";
import { portProtocol } from "./external";
import { inhabited } from "./mtls";
import { ownerOf, subsetRuleOf } from "./names";

type Fields = Readonly<Record<string, unknown>>;

const isClosed = (model: Model): boolean => model.egress.mode === "REGISTRY_ONLY";

/** The namespaces of what the mesh knows, routes included as a sidecar sees only those it imports, and the control plane's. */
function knownNamespaces({ model, settings }: Context): readonly string[] {
  const named = [...model.services, ...model.externalServices, ...model.routes].map(({ namespace }) => namespace);
  return [...new Set([...named, settings.rootNamespace])];
}

/** What sidecars of a namespace may call. */
function outbound(context: Context, namespace: string): Fields {
  if (!isClosed(context.model)) return {};
  const others = knownNamespaces(context).filter((other) => other !== namespace);
  return {
    egress: [{ hosts: ["./*", ...others.map((other) => `${other}/*`)] }],
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
  };
}

/** One Sidecar for each namespace where egress is closed. */
const closedNamespaces = (context: Context): PlanResource[] =>
  isClosed(context.model)
    ? inhabited(context.model).map((namespace) =>
        istioResource(context, "Sidecar", { name: "default", namespace }, outbound(context, namespace), "mesh"),
      )
    : [];

/**
 * Istio hands inbound requests to the pod's own address, so an application on loopback hears nothing unless a Sidecar
 * says where it is. One for a workload takes the place of the namespace's, so it says that one's part too.
 */
function loopback(context: Context, service: Service, version: Version): PlanResource {
  const ports = new Map(service.ports.map((port) => [port.targetPort, port]));
  const ingress = [...ports].map(([number, port]) => ({
    port: { number, name: conventionalPortName(port), protocol: portProtocol[port.protocol] },
    defaultEndpoint: `127.0.0.1:${number}`,
  }));
  const spec = {
    workloadSelector: { labels: podLabelsOf(service, version) },
    ingress,
    ...outbound(context, service.namespace),
  };
  return istioResource(context, "Sidecar", subsetRuleOf(service, version), spec, ownerOf("service", service));
}

export const sidecars = (context: Context): PlanResource[] => [
  ...closedNamespaces(context),
  ...context.model.services.flatMap((service) =>
    service.versions
      .filter(({ workload }) => runs(workload) && workload.bind === "loopback")
      .map((version) => loopback(context, service, version)),
  ),
];
