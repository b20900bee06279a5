import { keyOf, type Gateway, type Model } from "../../model/model";
import { type PlanResource } from "../../plan/plan";
import { gatewayId, nameOf } from "./names";
import { projectOf } from "./settings";

/** A gateway of Envoys that you run (OPEN_MESH); the scope is what their bootstrap names. */
export function gatewayResource(model: Model, gateway: Gateway): PlanResource {
  const name = nameOf(model.name, gateway.namespace, gateway.name);
  const certificates = gateway.listeners.flatMap(({ tls }) => tls?.certificateRef ?? []);
  return {
    id: gatewayId(gateway),
    type: "gcp:networkservices/gateway:Gateway",
    name,
    properties: {
      name,
      ...projectOf(model),
      location: "global",
      type: "OPEN_MESH",
      scope: name,
      ports: [...new Set(gateway.listeners.map(({ port }) => port))],
      ...(certificates.length > 0 && { certificateUrls: certificates }),
    },
    owner: `gateway:${keyOf(gateway)}`,
    dependsOn: [],
    provider: "gcp",
  };
}
