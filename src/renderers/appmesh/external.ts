import { type ExternalService, keyOf, type Model } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { externalName, meshId, nodeId } from "./names";
import { declared } from "./protocols";
import { defaultRoute } from "./routes";
import { virtualRouter, virtualService } from "./routers";
import { listenerTimeout } from "./traffic";

/** What lies outside: for each host a node that DNS discovers, and a virtual service under the host's own name. */
export const externalResources = (model: Model, external: ExternalService): PlanResource[] =>
  external.hosts.flatMap((host) => behindHost(model, external, host));

/** By a router, so that its timeouts are written out: a node alone would be cut off at 15 s. */
function behindHost(model: Model, external: ExternalService, host: string): PlanResource[] {
  const name = externalName(external, host);
  const owner = `external:${keyOf(external)}`;
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
          portMapping: { port: port.port, protocol: declared(port) },
          ...listenerTimeout(declared(port), 0, 0),
        })),
      },
    },
    owner,
    dependsOn: [meshId(model)],
    provider: "aws",
  };
  const ports = external.ports.map((port) => ({ port: port.port, protocol: declared(port) }));
  const router = virtualRouter(model, name, ports, owner);
  const routes = external.ports.map((port, priority) =>
    defaultRoute(
      model,
      router,
      port,
      declared(port),
      priority,
      [{ virtualNode: name, weight: 1, port: port.port }],
      owner,
    ),
  );
  return [node, router, ...routes, virtualService(model, host, router, routes, owner)];
}
