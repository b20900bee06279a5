import type { Model, Port, Protocol, Service } from "../../model/model";
import { routeOf } from "../attached";

/** Ports that a Lattice service can listen on: it has no plain TCP. */
export const latticePorts = (service: Service): readonly Port[] =>
  service.ports.filter((port) => port.protocol !== "tcp");

/** A gRPC route needs targets that speak gRPC, whatever the port was declared as; http and tcp rules take what there is. */
export function spoken(model: Model, service: Service, port: Port): Protocol {
  return routeOf(model, service, port)?.kind === "grpc" ? "grpc" : port.protocol;
}
