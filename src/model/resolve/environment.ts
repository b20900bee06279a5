import { DEFAULTS as D } from "../defaults";
import type { BackendName, BackendSettings, Model, Namespace } from "../model";
import { at } from "../path";
import { backends as known } from "../schema/mesh";
import type { Context } from "./context";

/** Declares the namespaces that are listed, before anything is said to be in one. */
export function declareNamespaces(context: Context): void {
  const listed = (context.spec.namespaces ?? []).map(({ name }, index) => [name, at("namespaces", index)] as const);
  context.unique(
    "namespace",
    listed,
    ([name]) => name,
    ([, path]) => at(path, "name"),
  );
  for (const [name, path] of listed) context.mention(name, path);
}

/** Every namespace that anything named: the mesh's own, the listed ones, then in order of first mention. */
export function resolveNamespaces(context: Context): Namespace[] {
  const listed = new Map((context.spec.namespaces ?? []).map((spec, index) => [spec.name, { spec, index }]));
  return [...context.namespaces].map(([name, mentioned]) => {
    const written = listed.get(name);
    return {
      path: written === undefined ? mentioned : at("namespaces", written.index),
      name,
      create: written === undefined ? name === context.namespace : (written.spec.create ?? D.createNamespace),
      inject: written?.spec.inject ?? D.inject,
      labels: written?.spec.labels ?? {},
    };
  });
}

export function resolveBackends(context: Context): Model["backends"] {
  const backends: Partial<Record<BackendName, BackendSettings>> = {};
  for (const name of Object.keys(known.shape) as BackendName[]) {
    const spec = context.spec.backends?.[name];
    if (spec === undefined) continue;
    const { accept, install, version, ...settings } = spec;
    backends[name] = {
      accept: accept ?? [],
      install: install ?? D.backendInstall,
      ...(version === undefined ? {} : { version }),
      settings,
    };
  }
  return backends;
}
