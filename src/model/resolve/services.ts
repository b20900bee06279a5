import { DEFAULTS as D, derived } from "../defaults";
import { type Call, keyOf, type Port, type Service, type Version } from "../model";
import { at } from "../path";
import type { ServicePortSpec, ServiceSpec } from "../schema";
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
    return {
      path: at(path, index),
      name: spec.name ?? derived.portName(protocol, spec.port),
      port: spec.port,
      targetPort: spec.targetPort ?? spec.port,
      protocol,
      ...(spec.mtls === undefined ? {} : { mtls: spec.mtls }),
      serverFirst: spec.serverFirst ?? D.serverFirst,
    };
  });
  context.unique(
    "port name",
    ports.map((port) => [port.name, at(port.path, "name")] as const),
  );
  context.unique(
    "port",
    ports.map((port) => [port.port, at(port.path, "port")] as const),
  );
  return ports;
}

export function resolveServices(drafts: readonly Draft[], context: Context): Service[] {
  const workloads: [string, string][] = [];
  const services = drafts.map(({ spec, path, namespace, ports }): Service => {
    const labels = spec.labels ?? derived.serviceLabels(spec.name);
    const versions = (spec.versions ?? []).map((version, index) => {
      const here = at(at(path, "versions"), index);
      return {
        path: here,
        name: version.name,
        labels: version.labels ?? derived.versionLabels(version.name),
        ...(version.workload === undefined
          ? {}
          : {
              workload: resolveWorkload(
                version.workload,
                at(here, "workload"),
                spec.name,
                version.name,
                ports,
                context,
              ),
            }),
      };
    });
    checkVersions(versions, context);
    for (const { workload } of versions) {
      if (workload !== undefined)
        workloads.push([keyOf({ name: workload.name, namespace }), at(workload.path, "name")]);
    }
    return {
      path,
      name: spec.name,
      namespace,
      labels,
      calls: resolveCalls(spec, path, namespace, context),
      ports,
      versions,
      traffic: resolveTraffic(spec.traffic ?? {}, at(path, "traffic"), context),
    };
  });
  context.unique("workload", workloads);
  return services;
}

function checkVersions(versions: readonly Version[], context: Context): void {
  context.unique(
    "version",
    versions.map((version) => [version.name, at(version.path, "name")] as const),
  );
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
  const seen: [string, string][] = [];
  for (const [index, call] of (spec.calls ?? []).entries()) {
    const here = at(at(path, "calls"), index);
    const nested = typeof call === "object" && "service" in call;
    const found = context.find(nested ? call.service : call, namespace, nested ? at(here, "service") : here);
    if (found === undefined) continue;
    seen.push([keyOf(found), here]);
    calls.push({
      path: here,
      name: found.name,
      namespace: found.namespace,
      kind: found.kind === "external" ? "external" : "service",
      required: (nested ? call.required : undefined) ?? D.callRequired,
    });
  }
  context.unique("call", seen);
  return calls;
}
