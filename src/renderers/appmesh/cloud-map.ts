import { keyOf, type Model, type Service, type Version } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { cloudMapNamespaceId, cloudMapServiceId, cloudMapServiceName, domainOf } from "./names";

/** Setting `vpcId`: names resolve there. Without it, nodes find endpoints by API, and clients resolve nothing. */
export const vpcOf = (model: Model): unknown => model.backends.appmesh?.settings.vpcId;

/** Clients resolve a virtual service's name before Envoy takes the connection: any address will do. */
const ANY_ADDRESS = "10.10.10.10";

/** One Cloud Map namespace a model namespace: private DNS where a VPC is named, API discovery where not. */
export function cloudMapNamespace(model: Model, namespace: string): PlanResource {
  const name = domainOf(model, namespace);
  const vpc = vpcOf(model);
  return {
    id: cloudMapNamespaceId(model, namespace),
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

/** Where a version's endpoints register; tasks and pods do so themselves. */
export function registration(model: Model, service: Service, version: Version | undefined): PlanResource {
  const namespaceId = cloudMapNamespaceId(model, service.namespace);
  const name = cloudMapServiceName(service, version);
  const namespace = ref(namespaceId, "id");
  return {
    id: cloudMapServiceId(service, version),
    type: "aws:servicediscovery/service:Service",
    name: `${name}.${domainOf(model, service.namespace)}`,
    properties: {
      name,
      ...(vpcOf(model) === undefined
        ? { namespaceId: namespace }
        : { dnsConfig: { namespaceId: namespace, dnsRecords: [{ type: "A", ttl: 10 }], routingPolicy: "MULTIVALUE" } }),
    },
    owner: `service:${keyOf(service)}`,
    dependsOn: [namespaceId],
    provider: "aws",
  };
}

/** The name of the virtual service itself, where only versions have registered ones. */
export function resolvableName(model: Model, service: Service): PlanResource[] {
  if (vpcOf(model) === undefined || service.versions.length === 0) return [];
  const named = registration(model, service, undefined);
  return [
    named,
    {
      id: `servicediscovery.Instance/${keyOf(service)}`,
      type: "aws:servicediscovery/instance:Instance",
      name: named.name,
      properties: {
        serviceId: ref(named.id, "id"),
        instanceId: "any",
        attributes: { AWS_INSTANCE_IPV4: ANY_ADDRESS },
      },
      owner: named.owner,
      dependsOn: [named.id],
      provider: "aws",
    },
  ];
}
