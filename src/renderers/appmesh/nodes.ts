import { effectiveMtls, externalServiceOf, principalsOf, serviceOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Service, type Version } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { cloudMapServiceName, domainOf, externalNodeName, meshId, nodeId, nodeName, virtualServiceName } from "./names";
import { logging } from "./telemetry";
import { clientTls, listenerTls } from "./tls";
import { connectionPool, healthCheck, listenerTimeout, outlierDetection, protocolOf } from "./traffic";

/** A service's nodes: one a version, or one for pods that exist already. */
export const versionsOrNone = (service: Service): readonly (Version | undefined)[] =>
  service.versions.length === 0 ? [undefined] : service.versions;

/** Longest request timeout among the routes that lead to a port of a service; 0 (none) when any has none. */
export type LongestTimeout = (service: Service, port: Port) => number;

/** The virtual node of each version, with its registration in Cloud Map. */
export function serviceNodes(model: Model, service: Service, longest: LongestTimeout): PlanResource[] {
  return versionsOrNone(service).flatMap((version) => [
    cloudMap(model, service, version),
    virtualNode(model, service, version, longest),
  ]);
}

const namespaceId = (model: Model, namespace: string): string =>
  `servicediscovery.Namespace/${domainOf(model, namespace)}`;

/** One Cloud Map namespace a model namespace: private DNS where a VPC is named (`vpcId`), API discovery where not. */
export function cloudMapNamespace(model: Model, namespace: string): PlanResource {
  const name = domainOf(model, namespace);
  const vpc = model.backends.appmesh?.settings.vpcId;
  return {
    id: namespaceId(model, namespace),
    type:
      vpc === undefined
        ? "aws:servicediscovery/httpNamespace:HttpNamespace"
        : "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    name,
    properties: { name, ...(vpc !== undefined && { vpc }) },
    owner: "mesh",
    dependsOn: [],
    provider: "aws",
  };
}

function cloudMap(model: Model, service: Service, version: Version | undefined): PlanResource {
  const name = cloudMapServiceName(service, version);
  const dns = model.backends.appmesh?.settings.vpcId !== undefined;
  const namespace = ref(namespaceId(model, service.namespace), "id");
  return {
    id: `servicediscovery.Service/${service.namespace}/${name}`,
    type: "aws:servicediscovery/service:Service",
    name: `${service.namespace}-${name}`,
    properties: {
      name,
      ...(dns
        ? { dnsConfig: { namespaceId: namespace, dnsRecords: [{ type: "A", ttl: 10 }], routingPolicy: "MULTIVALUE" } }
        : { namespaceId: namespace }),
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [namespaceId(model, service.namespace)],
    provider: "aws",
  };
}

function virtualNode(
  model: Model,
  service: Service,
  version: Version | undefined,
  longest: LongestTimeout,
): PlanResource {
  const name = nodeName(service, version);
  const [own = ""] = version?.workload
    ? [`${model.trustDomain}/ns/${service.namespace}/sa/${version.workload.serviceAccount}`]
    : principalsOf(model, service);
  const namespace = namespaceId(model, service.namespace);
  const registration = `servicediscovery.Service/${service.namespace}/${cloudMapServiceName(service, version)}`;
  return {
    id: nodeId(name),
    type: "aws:appmesh/virtualNode:VirtualNode",
    name,
    properties: {
      name,
      meshName: ref(meshId(model), "name"),
      spec: {
        serviceDiscovery: {
          awsCloudMap: { namespaceName: ref(namespace, "name"), serviceName: ref(registration, "name") },
        },
        listeners: service.ports.map((port) => ({
          portMapping: { port: port.targetPort, protocol: protocolOf(port.protocol) },
          ...listenerTimeout(port, longest(service, port), service.traffic),
          ...connectionPool(port, service.traffic),
          ...outlierDetection(service.traffic),
          ...healthCheck(port, service.traffic),
          ...listenerTls(model, effectiveMtls(model, service, port, version), own),
        })),
        ...backends(model, service, own),
        ...logging(model),
      },
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [meshId(model), namespace, registration],
    provider: "aws",
  };
}

/** The call graph: a node reaches only what its backends name. Names are text, so cycles of calls need no order. */
function backends(model: Model, service: Service, own: string): object {
  const listed = service.calls.flatMap((call) => {
    if (call.kind === "external")
      return (externalServiceOf(model, call)?.hosts ?? []).map((host) => ({
        virtualService: { virtualServiceName: host },
      }));
    const callee = serviceOf(model, call);
    if (callee === undefined) return [];
    const strongest = callee.ports.map((port) => effectiveMtls(model, callee, port));
    const mode = strongest.includes("STRICT") ? "STRICT" : strongest.includes("PERMISSIVE") ? "PERMISSIVE" : "DISABLE";
    return [
      {
        virtualService: {
          virtualServiceName: virtualServiceName(model, callee),
          ...clientTls(model, mode, own, principalsOf(model, callee)),
        },
      },
    ];
  });
  return listed.length === 0 ? {} : { backends: listed };
}

/** What lies outside: a node that DNS discovers and a virtual service under the host's own name. */
export function externalNodes(model: Model): PlanResource[] {
  return model.externalServices.flatMap((external) =>
    external.hosts.flatMap((host) => {
      const name = externalNodeName(external, host);
      const node: PlanResource = {
        id: nodeId(name),
        type: "aws:appmesh/virtualNode:VirtualNode",
        name,
        properties: {
          name,
          meshName: ref(meshId(model), "name"),
          spec: {
            serviceDiscovery: { dns: { hostname: host, responseType: "LOADBALANCER" } },
            listeners: external.ports.map((port) => ({
              portMapping: {
                port: port.port,
                protocol: external.tls === undefined ? protocolOf(port.protocol) : "tcp",
              },
            })),
          },
        },
        owner: `external:${keyOf(external)}`,
        dependsOn: [meshId(model)],
        provider: "aws",
      };
      return [
        node,
        {
          id: `appmesh.VirtualService/${host}`,
          type: "aws:appmesh/virtualService:VirtualService",
          name: host,
          properties: {
            name: host,
            meshName: ref(meshId(model), "name"),
            spec: { provider: { virtualNode: { virtualNodeName: ref(node.id, "name") } } },
          },
          owner: `external:${keyOf(external)}`,
          dependsOn: [node.id],
          provider: "aws" as const,
        },
      ];
    }),
  );
}
