import type { ListenerConfig, WorkerConfig } from "../worker-config";
import type { ClusterConfig } from "../upstream/config";
import { compileCluster } from "./compile-cluster";
import { CompileContext, type CompileServices } from "./compile-context";
import { compileListener } from "./compile-listener";
import type { Bootstrap, ConfigError, ReadResult } from "./messages";
import type { Steps } from "./steps";

export type { CompileServices } from "./compile-context";

/**
 * Turns a configuration that was read and checked into the plain objects that serve requests. All or nothing: with any
 * error there is no result, and what is not served yet is such an error. Yields between two routes, clusters and chains.
 */
export function* compile(bootstrap: Bootstrap, services: CompileServices): Steps<ReadResult<WorkerConfig>> {
  const resources = bootstrap.static_resources;
  const clusters = resources?.clusters ?? [];
  const context = new CompileContext(
    services,
    resources?.secrets ?? [],
    new Set(clusters.map((c) => c.name)),
    programSize(bootstrap),
  );
  context.unserved("dynamic_resources", bootstrap.dynamic_resources !== undefined);
  const config: { clusters: ClusterConfig[]; listeners: ListenerConfig[] } = { clusters: [], listeners: [] };
  for (const [i, cluster] of clusters.entries()) {
    const compiled = compileCluster(cluster, `static_resources.clusters[${i}]`, context);
    if (compiled !== undefined) config.clusters.push(compiled);
    yield;
  }
  for (const [i, listener] of (resources?.listeners ?? []).entries()) {
    const compiled = yield* compileListener(listener, `static_resources.listeners[${i}]`, context);
    if (compiled !== undefined) config.listeners.push(compiled);
  }
  repeated(
    clusters.map((c) => c.name),
    "static_resources.clusters",
    context.errors,
  );
  repeated(
    config.listeners.map((l) => l.name),
    "static_resources.listeners",
    context.errors,
  );
  return context.errors.length > 0 ? { ok: false, errors: context.errors } : { ok: true, value: config };
}

function repeated(names: readonly string[], path: string, errors: ConfigError[]): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (seen.has(name)) errors.push({ path: `${path}[${i}].name`, message: `'${name}' is used already` });
    seen.add(name);
  });
}

/** Envoy's limit for RE2 programs; the runtime's last layer that says one wins. */
function programSize(bootstrap: Bootstrap): number {
  let size = 100;
  for (const layer of bootstrap.layered_runtime?.layers ?? []) {
    const value = layer.static_layer?.["re2.max_program_size.error_level"];
    if (typeof value === "number") size = value;
  }
  return size;
}
