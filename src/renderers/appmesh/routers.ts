import type { Model } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { meshId, routerId, virtualServiceId } from "./names";
import type { AppMeshProtocol } from "./protocols";

export interface RouterPort {
  readonly port: number;
  readonly protocol: AppMeshProtocol;
}

export const virtualRouter = (
  model: Model,
  name: string,
  ports: readonly RouterPort[],
  owner: string,
): PlanResource => ({
  id: routerId(name),
  type: "aws:appmesh/virtualRouter:VirtualRouter",
  name,
  properties: {
    name,
    meshName: ref(meshId(model), "name"),
    spec: { listeners: ports.map(({ port, protocol }) => ({ portMapping: { port, protocol } })) },
  },
  owner,
  dependsOn: [meshId(model)],
  provider: "aws",
});

/** Made after the router's routes, so that nobody finds a name that leads nowhere. */
export const virtualService = (
  model: Model,
  name: string,
  router: PlanResource,
  routes: readonly PlanResource[],
  owner: string,
): PlanResource => ({
  id: virtualServiceId(name),
  type: "aws:appmesh/virtualService:VirtualService",
  name,
  properties: {
    name,
    meshName: ref(meshId(model), "name"),
    spec: { provider: { virtualRouter: { virtualRouterName: ref(router.id, "name") } } },
  },
  owner,
  dependsOn: [router.id, ...routes.map((route) => route.id)],
  provider: "aws",
});
