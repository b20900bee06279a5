import type { Listener, Model, Port, Service, ExternalService } from "../../model/model";

/** What runs the configuration: the proxy of this package, or Envoy (`spec.backends.proxy.engine`). */
export type EngineKind = "bundled" | "envoy";
export const engineKindOf = (model: Model): EngineKind =>
  model.backends.proxy?.settings.engine === "envoy" ? "envoy" : "bundled";

/**
 * The bundled engine speaks HTTP/1.1. Ports of other protocols are left out for it: the capability table reports them, so
 * that whoever accepted their loss has the rest of the mesh running.
 */
export const isServed = (model: Model, { protocol }: Pick<Port, "protocol">): boolean =>
  protocol === "http" || engineKindOf(model) === "envoy";

export const servedPorts = (model: Model, { ports }: Service | ExternalService): readonly Port[] =>
  ports.filter((port) => isServed(model, port));

/** The listeners of a gateway that the engine can hold: for the bundled one those of HTTP. */
export const servedListeners = (model: Model, listeners: readonly Listener[]): readonly Listener[] =>
  listeners.filter(({ protocol }) => protocol === "http" || protocol === "https" || engineKindOf(model) === "envoy");
