import type { Model, Port, Route, Service } from "../../model/model";
import { routeOf } from "../attached";

/** App Mesh's words for a protocol. */
export type AppMeshProtocol = "http" | "http2" | "grpc" | "tcp";

/** Of a port as it was declared: TLS that is passed through is a stream of bytes to App Mesh. */
export const declared = (port: Port): AppMeshProtocol => (port.protocol === "tls" ? "tcp" : port.protocol);

/** A route's kind and its listener's protocol have to agree in App Mesh, so the route decides what the port speaks. */
export function protocolFor(route: Route | undefined, port: Port): AppMeshProtocol {
  const protocol = declared(port);
  if (route === undefined) return protocol;
  if (route.kind === "tcp" || route.kind === "tls") return "tcp";
  if (route.kind === "grpc") return "grpc";
  return protocol === "grpc" ? "http2" : protocol;
}
export const protocolOf = (model: Model, service: Service, port: Port): AppMeshProtocol =>
  protocolFor(routeOf(model, service, port), port);
