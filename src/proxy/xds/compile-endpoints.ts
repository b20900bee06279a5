import type { EndpointConfig } from "../upstream/config";
import type { CompileContext } from "./compile-context";
import type { Cluster, LbEndpoint, LocalityLbEndpoints } from "./messages";

/** Envoy bounds the sum of weights of one priority, of hosts and of localities. */
const largestWeight = 0xffff_ffff;

export function compileEndpoints(cluster: Cluster, path: string, context: CompileContext): EndpointConfig[] {
  const localities = cluster.load_assignment?.endpoints ?? [];
  const weights = new Map<number, number>();
  return localities.flatMap((locality, i) => {
    const at = `${path}.endpoints[${i}]`;
    const total = (weights.get(locality.priority) ?? 0) + (locality.load_balancing_weight ?? 0);
    weights.set(locality.priority, total);
    if (total > largestWeight)
      context.error(at, `The sum of weights of all localities at the same priority exceeds ${largestWeight}`);
    if (locality.lb_endpoints.reduce((sum, entry) => sum + (entry.load_balancing_weight ?? 1), 0) > largestWeight)
      context.error(at, `The sum of weights of all endpoints in a locality exceeds ${largestWeight}`);
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
