import { DEFAULTS as D } from "../defaults";
import type { ExternalService } from "../model";
import { at } from "../path";
import type { Context } from "./context";
import { resolvePorts } from "./services";

export function resolveExternalServices(context: Context): ExternalService[] {
  const hosts: [string, string][] = [];
  const services = (context.spec.externalServices ?? []).map((spec, index): ExternalService => {
    const path = at("externalServices", index);
    const namespace = spec.namespace ?? context.namespace;
    const ports = resolvePorts(spec.ports, at(path, "ports"), context);
    context.declare({ kind: "external", name: spec.name, namespace, path, ports, versions: [] });
    for (const [position, host] of spec.hosts.entries())
      hosts.push([host.toLowerCase(), at(at(path, "hosts"), position)]);
    const addresses = spec.addresses ?? [];
    const resolution = spec.resolution ?? (addresses.length > 0 ? "STATIC" : D.resolution);
    if (resolution === "STATIC" && addresses.length === 0) {
      context.report(
        "MESH0011",
        at(path, "addresses"),
        "STATIC needs addresses",
        "Add addresses, or write resolution: DNS.",
      );
    }
    if (resolution === "DNS" && spec.hosts.some((host) => host.startsWith("*."))) {
      const message = "a wildcard has no address that DNS could give";
      context.report("MESH0013", at(path, "hosts"), message, "Name the hosts one by one, or write resolution: NONE.");
    }
    return {
      path,
      name: spec.name,
      namespace,
      hosts: spec.hosts,
      ports,
      resolution,
      addresses,
      ...(spec.tls === undefined ? {} : { tls: resolveTls(spec.tls, spec.hosts, at(path, "tls"), context) }),
    };
  });
  context.unique(
    "host",
    hosts,
    ([host]) => host,
    ([, path]) => path,
  );
  return services;
}

type TlsSpec = NonNullable<NonNullable<Context["spec"]["externalServices"]>[number]["tls"]>;

function resolveTls(spec: TlsSpec, hosts: readonly string[], path: string, context: Context): ExternalService["tls"] {
  const mode = spec.mode ?? D.externalTlsMode;
  const sni = spec.sni ?? hosts[0];
  if (mode === "MUTUAL" && spec.certificateRef === undefined) {
    const where = at(path, "certificateRef");
    context.report(
      "MESH0011",
      where,
      "MUTUAL needs a client certificate",
      "Add certificateRef: the name of the secret.",
    );
  }
  return {
    mode,
    ...(sni === undefined || sni.startsWith("*.") ? {} : { sni }),
    ...(spec.caCertificates === undefined ? {} : { caCertificates: spec.caCertificates }),
    ...(spec.certificateRef === undefined ? {} : { certificateRef: spec.certificateRef }),
  };
}
