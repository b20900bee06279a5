import { keyOf, type Model } from "../../model/model";
import type { Finding } from "../../model/finding";
import type { Plan, PlanResource } from "../../plan/plan";
import { clientBootstrap, gatewayBootstrap, replicaBootstrap } from "./bootstrap";
import type { Message } from "./envoy";
import { losses } from "./losses";
import { CLIENT_ACCOUNT, gatewayWorkload } from "./names";
import { defaultPlacement, type Placement, workloadKey } from "./placement";

export type { Address, Message } from "./envoy";
export { isServed, servedListeners, servedPorts } from "./engine";
export * from "./names";
export * from "./placement";

/** The type of a proxy's resource: its Envoy v3 bootstrap. */
export const BOOTSTRAP = "meshup:proxy:Bootstrap";

export interface ProxyOptions {
  /** Where everything listens. Default: `defaultPlacement(model)`. */
  readonly placement?: Placement;
}

/** What a Bootstrap resource holds; the client's and a gateway's have no version. */
export interface BootstrapProperties {
  readonly workload: string;
  readonly namespace: string;
  readonly version?: string;
  readonly replica: number | string;
  /** Name of the gateway that it is. */
  readonly gateway?: string;
  readonly bootstrap: Message;
}

const resource = (owner: string, properties: BootstrapProperties): PlanResource => {
  const name = `${properties.workload}-${properties.replica}`;
  return {
    id: `Bootstrap/${properties.namespace}/${name}`,
    type: BOOTSTRAP,
    name: `${properties.namespace}/${name}`,
    properties: { ...properties },
    owner,
    dependsOn: [],
    provider: "host",
  };
};

/**
 * Envoy v3 configuration of every sidecar, of every gateway and of the client through which one calls the mesh. Sidecars
 * come first: who knew of them sooner would call nobody.
 */
export function render(model: Model, options: ProxyOptions = {}): { plan: Plan; findings: Finding[] } {
  const placement = options.placement ?? defaultPlacement(model);
  const sidecars = model.services.flatMap((service) =>
    service.versions.flatMap((version) =>
      (placement.replicas[workloadKey(service, version)] ?? []).map((replica) =>
        resource(`service:${keyOf(service)}`, {
          workload: version.workload?.name ?? `${service.name}-${version.name}`,
          namespace: service.namespace,
          version: version.name,
          replica: replica.replica,
          bootstrap: replicaBootstrap(model, placement, service, version, replica),
        }),
      ),
    ),
  );
  const gateways = model.gateways.flatMap((gateway) => {
    const place = placement.gateways?.[keyOf(gateway)];
    if (place === undefined) return [];
    const made = resource(`gateway:${keyOf(gateway)}`, {
      workload: gatewayWorkload(gateway),
      namespace: gateway.namespace,
      replica: 0,
      gateway: gateway.name,
      bootstrap: gatewayBootstrap(model, placement, gateway, place),
    });
    return [made];
  });
  const client = resource("mesh", {
    workload: CLIENT_ACCOUNT,
    namespace: model.namespace,
    replica: 0,
    bootstrap: clientBootstrap(model, placement),
  });
  return { plan: { backend: "proxy", resources: [...sidecars, ...gateways, client] }, findings: losses(model) };
}
