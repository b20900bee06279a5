import { effectiveMtls, principalOf, principalsOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Service, type Version } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { versionsOrNone } from "../shares";
import { backends } from "./backends";
import { registration, resolvableName } from "./cloud-map";
import { cloudMapNamespaceId, cloudMapServiceId, meshId, nodeId, nodeName } from "./names";
import { protocolOf } from "./protocols";
import { logging } from "./telemetry";
import { listenerTls } from "./tls";
import { connectionPool, healthCheck, listenerTimeout, outlierDetection } from "./traffic";

/** Longest request timeout among the rules that lead to a port of a service; 0 (none) when any has none. */
export type LongestTimeout = (service: Service, port: Port) => number;

/** The virtual node of each version, with its registration in Cloud Map. */
export function serviceNodes(model: Model, service: Service, longest: LongestTimeout): PlanResource[] {
  return [
    ...resolvableName(model, service),
    ...versionsOrNone(service).flatMap((version) => [
      registration(model, service, version),
      virtualNode(model, service, version, longest),
    ]),
  ];
}

function virtualNode(
  model: Model,
  service: Service,
  version: Version | undefined,
  longest: LongestTimeout,
): PlanResource {
  const name = nodeName(service, version);
  const [first = ""] = principalsOf(model, service);
  const principal =
    version?.workload === undefined ? first : principalOf(model, service.namespace, version.workload.serviceAccount);
  const namespace = cloudMapNamespaceId(model, service.namespace);
  const registered = cloudMapServiceId(service, version);
  return {
    id: nodeId(name),
    type: "aws:appmesh/virtualNode:VirtualNode",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      spec: {
        serviceDiscovery: {
          awsCloudMap: { namespaceName: ref(namespace, "name"), serviceName: ref(registered, "name") },
        },
        listeners: service.ports.map((port) => {
          const protocol = protocolOf(model, service, port);
          return {
            portMapping: { port: port.targetPort, protocol },
            ...listenerTimeout(protocol, longest(service, port), service.traffic.connectionPool.idleTimeoutMs),
            ...connectionPool(protocol, service.traffic),
            ...outlierDetection(service.traffic),
            ...healthCheck(port, protocol, service.traffic),
            ...listenerTls(model, effectiveMtls(model, service, port, version), principal),
          };
        }),
        ...backends(model, service, principal),
        ...logging(model),
      },
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [meshId(model), namespace, registered],
    provider: "aws",
  };
}
