import { keyOf, type ExternalService, type Model } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { backendServiceId, nameOf } from "./names";
import { projectOf } from "./settings";

const protocols = { http: "HTTP", http2: "HTTP2", grpc: "GRPC", tcp: "TCP", tls: "TCP" } as const;

export const externalBackendName = (model: Model, external: ExternalService, port: number): string =>
  nameOf(model.name, "external", external.namespace, external.name, port);

/** What lies outside: an internet endpoint group of its names (or addresses) behind a backend service. */
export function externalBackends(model: Model, external: ExternalService): PlanResource[] {
  const owner = `external:${keyOf(external)}`;
  const byAddress = external.addresses.length > 0;
  return external.ports.flatMap((port) => {
    const name = externalBackendName(model, external, port.port);
    const group: PlanResource = {
      id: `compute.GlobalNetworkEndpointGroup/${name}`,
      type: "gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup",
      name,
      properties: {
        name,
        ...projectOf(model),
        networkEndpointType: byAddress ? "INTERNET_IP_PORT" : "INTERNET_FQDN_PORT",
        defaultPort: port.port,
      },
      owner,
      dependsOn: [],
      provider: "gcp",
    };
    const endpoints = (byAddress ? external.addresses : external.hosts).map((where): PlanResource => ({
      id: `compute.GlobalNetworkEndpoint/${name}/${where}`,
      type: "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint",
      name: nameOf(name, where),
      properties: {
        ...projectOf(model),
        globalNetworkEndpointGroup: ref(group.id, "name"),
        port: port.port,
        ...(byAddress ? { ipAddress: where } : { fqdn: where }),
      },
      owner,
      dependsOn: [group.id],
      provider: "gcp",
    }));
    const stream = port.protocol === "tcp" || port.protocol === "tls";
    return [
      group,
      ...endpoints,
      {
        id: backendServiceId(name),
        type: "gcp:compute/backendService:BackendService",
        name,
        properties: {
          name,
          ...projectOf(model),
          loadBalancingScheme: "INTERNAL_SELF_MANAGED",
          protocol: stream ? "TCP" : external.tls !== undefined ? "HTTPS" : protocols[port.protocol],
          backends: [{ group: ref(group.id, "id") }],
        },
        owner,
        dependsOn: [group.id, ...endpoints.map(({ id }) => id)],
        provider: "gcp" as const,
      },
    ];
  });
}
