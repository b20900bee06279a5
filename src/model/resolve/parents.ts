import type { Parent } from "../model";
import { at } from "../path";
import type { RouteSpec } from "../schema";
import type { Context } from "./context";

type ParentSpec = NonNullable<RouteSpec["parents"]>[number];

/** What a route is attached to: `service` and `gateway` are short for one parent each. */
export function resolveParents(spec: RouteSpec, path: string, from: string, context: Context): Parent[] {
  const parents: Parent[] = [];
  const add = (parent: ParentSpec, here: string) => {
    const resolved = resolveParent(parent, here, from, context);
    if (resolved !== undefined) parents.push(resolved);
  };
  if (spec.service !== undefined) add({ service: spec.service }, path);
  if (spec.gateway !== undefined) add({ gateway: spec.gateway }, path);
  for (const [index, parent] of (spec.parents ?? []).entries()) add(parent, at(at(path, "parents"), index));
  if (spec.service === undefined && spec.gateway === undefined && (spec.parents ?? []).length === 0)
    context.report("MESH0033", path, "the route is attached to nothing", "Add service, gateway or parents.");
  return parents;
}

function resolveParent(spec: ParentSpec, path: string, from: string, context: Context): Parent | undefined {
  const kind = context.oneOf(spec, ["service", "gateway"], path);
  if (kind === undefined) return undefined;
  const ref = spec[kind] as NonNullable<ParentSpec["service"]>;
  const where = at(path, kind);
  const found = kind === "service" ? context.findOwn(ref, from, where) : context.find(ref, from, where, "gateway");
  if (found === undefined) return undefined;
  if (kind === "service" && spec.listener !== undefined) {
    const remedy = "Take it out, or write port.";
    context.report("MESH0025", at(path, "listener"), "only gateways have listeners", remedy);
  }
  if (kind === "gateway" && spec.listener !== undefined && !found.ports.some(({ name }) => name === spec.listener)) {
    const listeners = found.ports.map((port) => port.name);
    const message = `gateway ${found.name} has no listener ${spec.listener}`;
    context.report("MESH0025", at(path, "listener"), message, `It has ${listeners.join(", ")}.`);
  }
  if (spec.port !== undefined) context.port(found, spec.port, path);
  const parent = { path, name: found.name, namespace: found.namespace, kind };
  if (spec.port === undefined && spec.listener === undefined) return parent;
  return {
    ...parent,
    ...(spec.port === undefined ? {} : { port: spec.port }),
    ...(spec.listener === undefined ? {} : { listener: spec.listener }),
  };
}
