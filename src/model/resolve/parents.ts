import type { Parent } from "../model";
import { at } from "../path";
import type { RouteSpec } from "../schema";
import type { Context } from "./context";

type ParentSpec = NonNullable<RouteSpec["parents"]>[number];

/** What a route is attached to: `service` and `gateway` are short for one parent each. */
export function resolveParents(spec: RouteSpec, path: string, from: string, context: Context): Parent[] {
  const written: (readonly [ParentSpec, string])[] = [
    ...(spec.service === undefined ? [] : [[{ service: spec.service }, path] as const]),
    ...(spec.gateway === undefined ? [] : [[{ gateway: spec.gateway }, path] as const]),
    ...(spec.parents ?? []).map((parent, index) => [parent, at(at(path, "parents"), index)] as const),
  ];
  if (written.length === 0) {
    context.report("MESH0033", path, "the route is attached to nothing", "Add service, gateway or parents.");
  }
  return written.flatMap(([parent, here]) => resolveParent(parent, here, from, context));
}

function resolveParent(spec: ParentSpec, path: string, from: string, context: Context): Parent[] {
  const kind = context.oneOf(spec, ["service", "gateway"], path);
  if (kind === undefined) return [];
  const ref = spec[kind] as NonNullable<ParentSpec["service"]>;
  const where = at(path, kind);
  const found = kind === "service" ? context.findOwn(ref, from, where) : context.find(ref, from, where, "gateway");
  if (found === undefined) return [];
  if (kind === "service" && spec.listener !== undefined) {
    const remedy = "Take it out, or write port.";
    context.report("MESH0025", at(path, "listener"), "only gateways have listeners", remedy);
  }
  const listeners = found.ports.map((port) => port.name);
  if (kind === "gateway" && spec.listener !== undefined && !listeners.includes(spec.listener)) {
    const message = `gateway ${found.name} has no listener ${spec.listener}`;
    context.report("MESH0025", at(path, "listener"), message, `It has ${listeners.join(", ")}.`);
  }
  if (spec.port !== undefined) context.port(found, spec.port, path);
  return [
    {
      path,
      name: found.name,
      namespace: found.namespace,
      kind,
      ...(spec.port === undefined ? {} : { port: spec.port }),
      ...(spec.listener === undefined ? {} : { listener: spec.listener }),
    },
  ];
}
