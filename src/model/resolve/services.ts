import { DEFAULTS as D, derived } from "../defaults";
import { type Call, keyOf, type Port, type Service, type Version } from "../model";
import { at } from "../path";
import type { ServicePortSpec, ServiceSpec, VersionSpec } from "../schema";
import type { Context } from "./context";
import { resolveTraffic } from "./traffic";
import { resolveWorkload } from "./workload";

/** A service as written with what follows from it; calls wait until every name is known. */
interface Draft {
  readonly spec: ServiceSpec;
  readonly path: string;
  readonly namespace: string;
  readonly ports: readonly Port[];
}

/** Declares every service by name, before anything refers to one. */
export function declareServices(context: Context): Draft[] {
  return (context.spec.services ?? []).map((spec, index) => {
    const path = at("services", index);
    const namespace = spec.namespace ?? context.namespace;
    const ports = resolvePorts(spec.ports, at(path, "ports"), context);
    const versions = (spec.versions ?? []).map((version) => version.name);
    context.declare({ kind: "service", name: spec.name, namespace, path, ports, versions });
    return { spec, path, namespace, ports };
  });
}

export function resolvePorts(specs: readonly ServicePortSpec[], path: string, context: Context): Port[] {
  const ports = specs.map((spec, index) => {
    const protocol = spec.protocol ?? D.protocol;
    const port = {
      path: at(path, index),
      name: spec.name ?? derived.portName(protocol, spec.port),
      port: spec.port,
      targetPort: spec.targetPort ?? spec.port,
      protocol,
      serverFirst: spec.serverFirst ?? D.serverFirst,
    };
    return spec.mtls === undefined ? port : { ...port, mtls: spec.mtls };
  });
  context.unique(
    "port name",
    ports,
    (port) => port.name,
    (port) => at(port.path, "name"),
  );
  context.unique(
    "port",
    ports,
    (port) => port.port,
    (port) => at(port.path, "port"),
  );
  return ports;
}

export function resolveServices(drafts: readonly Draft[], context: Context): Service[] {
  const services = drafts.map(({ spec, path, namespace, ports }): Service => {
    const labels = spec.labels ?? derived.serviceLabels(spec.name);
    const list = at(path, "versions");
    const versions = (spec.versions ?? []).map((version, index) =>
      resolveVersion(version, at(list, index), spec.name, ports, context),
    );
    checkVersions(versions, context);
    return {
      path,
      name: spec.name,
      namespace,
      labels,
      calls: resolveCalls(spec, path, namespace, context),
      ports,
      versions,
      traffic: resolveTraffic(spec.traffic, at(path, "traffic"), context),
    };
  });
  const workloads = services.flatMap(({ namespace, versions }) =>
    versions.flatMap(({ workload }) => (workload === undefined ? [] : [{ namespace, workload }])),
  );
  context.unique(
    "workload",
    workloads,
    ({ namespace, workload: { name } }) => keyOf({ name, namespace }),
    ({ workload }) => at(workload.path, "name"),
  );
  return services;
}

function resolveVersion(
  spec: VersionSpec,
  path: string,
  service: string,
  ports: readonly Port[],
  context: Context,
): Version {
  const { name, labels = derived.versionLabels(name), workload } = spec;
  if (workload === undefined) return { path, name, labels };
  return {
    path,
    name,
    labels,
    workload: resolveWorkload(workload, at(path, "workload"), service, name, ports, context),
  };
}

function checkVersions(versions: readonly Version[], context: Context): void {
  if (versions.length < 2) return;
  context.unique(
    "version",
    versions,
    (version) => version.name,
    (version) => at(version.path, "name"),
  );
  // Versions told apart by their names, as they are unless somebody said otherwise.
  if (versions.every(({ name, labels }) => labels["version"] === name)) return;
  const seen = new Map<string, Version>();
  for (const version of versions) {
    const labels = JSON.stringify(Object.entries(version.labels).sort());
    const first = seen.get(labels);
    if (first === undefined) seen.set(labels, version);
    else if (first.name !== version.name) {
      const message = `the labels are those of version ${first.name}, so both select the same pods`;
      context.report("MESH0040", at(version.path, "labels"), message, "Give every version a label of its own.");
    }
  }
}

function resolveCalls(spec: ServiceSpec, path: string, namespace: string, context: Context): Call[] {
  const calls: Call[] = [];
  const list = at(path, "calls");
  for (const [index, call] of (spec.calls ?? []).entries()) {
    const here = at(list, index);
    const nested = typeof call === "object" && "service" in call;
    const found = context.find(nested ? call.service : call, namespace, nested ? at(here, "service") : here);
    if (found === undefined) continue;
    calls.push({
      path: here,
      name: found.name,
      namespace: found.namespace,
      kind: found.kind === "external" ? "external" : "service",
      required: (nested ? call.required : undefined) ?? D.callRequired,
    });
  }
  context.unique("call", calls, keyOf, (call) => call.path);
  return calls;
}
