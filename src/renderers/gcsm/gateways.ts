import { keyOf, type Gateway, type Listener, type Model } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { gatewayId, nameOf } from "./names";
import { projectOf } from "./settings";
import { PLUGIN } from "./tls";

type Tls = NonNullable<Listener["tls"]>;
const HTTP_PORT = 80;
export const REDIRECT = "redirect";

/**
 * A gateway of Envoys that you run (OPEN_MESH). TLS is for a whole Gateway there, so every listener is one of its own;
 * what shares a scope, which the Envoys' bootstrap names, is put together.
 */
export function gatewayResources(model: Model, gateway: Gateway): PlanResource[] {
  const redirects = gateway.listeners.some(({ tls }) => tls?.redirectHttp === true);
  return [
    ...gateway.listeners.flatMap((listener) => {
      const policy = listener.tls === undefined ? undefined : tlsPolicy(model, gateway, listener, listener.tls);
      const resource = gatewayResource(model, gateway, listener.name, listener.port, policy);
      return policy === undefined ? [resource] : [policy, resource];
    }),
    ...(redirects ? [gatewayResource(model, gateway, REDIRECT, HTTP_PORT, undefined)] : []),
  ];
}

function gatewayResource(
  model: Model,
  gateway: Gateway,
  listener: string,
  port: number,
  policy: PlanResource | undefined,
): PlanResource {
  const name = nameOf(model.name, gateway.namespace, gateway.name, listener);
  return {
    id: gatewayId(gateway, listener),
    type: "gcp:networkservices/gateway:Gateway",
    name,
    properties: {
      name,
      ...projectOf(model),
      location: "global",
      type: "OPEN_MESH",
      scope: nameOf(model.name, gateway.namespace, gateway.name),
      ports: [port],
      ...(policy !== undefined && { serverTlsPolicy: ref(policy.id, "id") }),
    },
    owner: `gateway:${keyOf(gateway)}`,
    dependsOn: policy === undefined ? [] : [policy.id],
    provider: "gcp",
  };
}

/** The certificate is a provider instance of the Envoys' bootstrap, by name; without one it is the mesh's own. */
function tlsPolicy(model: Model, gateway: Gateway, listener: Listener, tls: Tls): PlanResource | undefined {
  if (tls.mode === "PASSTHROUGH") return undefined;
  const name = nameOf(model.name, gateway.namespace, gateway.name, listener.name);
  const own = tls.certificateRef === undefined ? PLUGIN : instance(tls.certificateRef);
  return {
    id: `networksecurity.ServerTlsPolicy/${keyOf(gateway)}/${listener.name}`,
    type: "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy",
    name,
    properties: {
      name,
      ...projectOf(model),
      location: "global",
      allowOpen: false,
      serverCertificate: own,
      ...(tls.mode === "MUTUAL" && { mtlsPolicy: { clientValidationCas: [PLUGIN] } }),
    },
    owner: `gateway:${keyOf(gateway)}`,
    dependsOn: [],
    provider: "gcp",
  };
}
const instance = (pluginInstance: unknown) => ({ certificateProviderInstance: { pluginInstance } });
