import { routesFor } from "../model/lookup";
import {
  type Gateway,
  keyOf,
  type Listener,
  type Model,
  type Parent,
  type Port,
  type Route,
  type Service,
} from "../model/model";

const CARRIES: Readonly<Record<Route["kind"], readonly Port["protocol"][]>> = {
  http: ["http", "http2", "grpc"],
  grpc: ["grpc", "http2", "http"],
  tcp: ["tcp", "tls", "http", "http2", "grpc"],
  tls: ["tls", "tcp"],
};

/** Ports of the service whose traffic the route is for: those its parents name, or without a port all it can read. */
export function attachedPorts(service: Service, route: Route): readonly Port[] {
  const able = service.ports.filter((port) => CARRIES[route.kind].includes(port.protocol));
  const raw = able.filter(({ protocol }) => protocol === "tcp" || protocol === "tls");
  const unnamed = route.kind === "tcp" && raw.length > 0 ? raw : able;
  const parents = route.parents.filter((parent) => parent.kind === "service" && keyOf(parent) === keyOf(service));
  return service.ports.filter((port) =>
    parents.some((parent) => (parent.port === undefined ? unnamed.includes(port) : parent.port === port.port)),
  );
}

/** The route of a service's port; the model has at most one. */
export const routeOf = (model: Model, service: Service, port: Port): Route | undefined =>
  routesFor(model, service).find((route) => attachedPorts(service, route).includes(port));

/** Where a route enters through a gateway: each listener, with the host names it answers to there (`*` is any). */
export function attachedListeners(gateway: Gateway, route: Route): readonly { listener: Listener; hosts: string[] }[] {
  const parents = route.parents.filter((parent) => parent.kind === "gateway" && keyOf(parent) === keyOf(gateway));
  const meant = (listener: Listener) => (parent: Parent) =>
    (parent.listener === undefined || parent.listener === listener.name) &&
    (parent.port === undefined || parent.port === listener.port);
  return gateway.listeners
    .filter((listener) => parents.some(meant(listener)))
    .map((listener) => ({
      listener,
      hosts: route.hostnames.length > 0 ? [...route.hostnames] : [listener.hostname ?? "*"],
    }));
}
