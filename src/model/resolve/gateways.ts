import { DEFAULTS as D, derived } from "../defaults";
import type { Gateway, Listener, Port, TlsVersion } from "../model";
import { at } from "../path";
import type { GatewaySpec } from "../schema";
import type { Context } from "./context";

type ListenerSpec = GatewaySpec["listeners"][number];

export function resolveGateways(context: Context, minVersion: TlsVersion): Gateway[] {
  return (context.spec.gateways ?? []).map((spec, index) => {
    const path = at("gateways", index);
    const namespace = spec.namespace ?? context.namespace;
    const listeners = spec.listeners.map((listener, position) =>
      resolveListener(listener, at(at(path, "listeners"), position), minVersion, context),
    );
    context.unique(
      "listener",
      listeners,
      (listener) => listener.name,
      (listener) => at(listener.path, "name"),
    );
    checkDoors(listeners, context);
    context.declare({ kind: "gateway", name: spec.name, namespace, path, ports: listeners.map(portOf), versions: [] });
    return {
      path,
      name: spec.name,
      namespace,
      selector: spec.selector ?? derived.gatewaySelector(spec.name),
      serviceAccount: spec.serviceAccount ?? spec.name,
      listeners,
    };
  });
}

const portOf = ({ path, name, port, protocol }: Listener): Port => ({
  path,
  name,
  port,
  targetPort: port,
  protocol: protocol === "https" ? "http" : protocol,
  serverFirst: false,
});

function resolveListener(spec: ListenerSpec, path: string, minVersion: TlsVersion, context: Context): Listener {
  const { tls } = spec;
  const mode = tls?.mode ?? D.listenerTlsMode;
  if (tls === undefined ? spec.protocol === "https" : mode !== "PASSTHROUGH" && tls.certificateRef === undefined) {
    const where = at(at(path, "tls"), "certificateRef");
    const remedy = "Add tls: { certificateRef: … }, the secret that holds it, or mode: PASSTHROUGH.";
    context.report("MESH0011", where, `a listener for ${spec.protocol} needs a certificate`, remedy);
  }
  return {
    path,
    name: spec.name ?? derived.portName(spec.protocol, spec.port),
    port: spec.port,
    protocol: spec.protocol,
    ...(spec.hostname === undefined ? {} : { hostname: spec.hostname.toLowerCase() }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            mode,
            ...(tls.certificateRef === undefined ? {} : { certificateRef: tls.certificateRef }),
            minVersion: tls.minVersion ?? minVersion,
            redirectHttp: tls.redirectHttp ?? D.redirectHttp,
          },
        }),
  };
}

/** Two listeners of one port must differ by host, and speak the same protocol. */
function checkDoors(listeners: readonly Listener[], context: Context): void {
  const doors = new Map<string, Listener>();
  const protocols = new Map<number, Listener>();
  for (const listener of listeners) {
    const door = `${listener.port} ${listener.hostname ?? "*"}`;
    const same = doors.get(door);
    const neighbour = protocols.get(listener.port) ?? listener;
    if (same !== undefined) {
      const message = `listener ${same.name} has the same port and host already`;
      context.report("MESH0020", at(listener.path, "port"), message, "Give it another port or hostname.");
    } else if (neighbour.protocol !== listener.protocol) {
      const message = `port ${listener.port} speaks ${neighbour.protocol} on listener ${neighbour.name}`;
      context.report("MESH0013", at(listener.path, "protocol"), message, "Give it another port.");
    }
    doors.set(door, listener);
    protocols.set(listener.port, neighbour);
  }
}
