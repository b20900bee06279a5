import type { EndpointConfig } from "../upstream/config";
import type { CompileContext } from "./compile-context";
import type { Cluster, LbEndpoint, LocalityLbEndpoints } from "./messages";

export function compileEndpoints(cluster: Cluster, path: string, context: CompileContext): EndpointConfig[] {
  const localities = cluster.load_assignment?.endpoints ?? [];
  return localities.flatMap((locality, i) => {
    const at = `${path}.endpoints[${i}]`;
    return locality.lb_endpoints.flatMap((entry, j) =>
      compileEndpoint(entry, locality, `${at}.lb_endpoints[${j}]`, context),
    );
  });
}

function compileEndpoint(
  entry: LbEndpoint,
  locality: LocalityLbEndpoints,
  path: string,
  context: CompileContext,
): EndpointConfig[] {
  const { endpoint } = entry;
  const address = endpoint?.address?.socket_address;
  if (address === undefined) {
    context.error(`${path}.endpoint.address`, "is missing");
    return [];
  }
  const place = locality.locality;
  const check = endpoint?.health_check_config;
  const hashKey = hashKeyOf(entry);
  return [
    {
      address: address.address,
      port: address.port_value ?? 0,
      weight: entry.load_balancing_weight ?? 1,
      priority: locality.priority,
      locality: {
        region: place?.region ?? "",
        zone: place?.zone ?? "",
        subZone: place?.sub_zone ?? "",
        weight: locality.load_balancing_weight ?? 0,
      },
      health: healthOf(entry.health_status),
      hostname: endpoint?.hostname ?? "",
      ...(hashKey !== undefined && { hashKey }),
      ...(check !== undefined && { healthCheck: { port: check.port_value, hostname: check.hostname } }),
    },
  ];
}

function healthOf(status: LbEndpoint["health_status"]): EndpointConfig["health"] {
  switch (status) {
    case "UNKNOWN":
    case "HEALTHY":
      return "healthy";
    case "DEGRADED":
      return "degraded";
    case "UNHEALTHY":
    case "DRAINING":
    case "TIMEOUT":
      return "unhealthy";
  }
}

/** Metadata `envoy.lb` / `hash_key`. */
function hashKeyOf(entry: LbEndpoint): string | undefined {
  const metadata = entry.metadata?.filter_metadata.get("envoy.lb") as Record<string, unknown> | undefined;
  const key = metadata?.["hash_key"];
  return typeof key === "string" && key !== "" ? key : undefined;
}
