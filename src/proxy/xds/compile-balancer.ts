import type { BalancerSpec } from "../balancing/policy";
import type { CompileContext } from "./compile-context";
import type { Cluster, LoadBalancingPolicy, Maglev, RingHash, TypedStruct } from "./messages";

/** The type that peak EWMA has in Envoy's contrib build; stock Envoy skips a TypedStruct that it does not know. */
const peakEwmaType =
  /^type\.googleapis\.com\/envoy\.extensions\.load_balancing_policies\.peak_ewma\.v3alpha\.PeakEwma$/;

/** Envoy's defaults. */
const ringSizes = { minimum: 1024, maximum: 8_388_608 };
const maglevSize = 65_537;

export interface BalancerChoice {
  readonly balancer: BalancerSpec;
  readonly localityWeighted: boolean;
}

export function compileBalancer(cluster: Cluster, path: string, context: CompileContext): BalancerChoice | undefined {
  if (cluster.load_balancing_policy !== undefined)
    return compilePolicy(cluster.load_balancing_policy, `${path}.load_balancing_policy`, context);
  const plain = (balancer: BalancerSpec): BalancerChoice => ({ balancer, localityWeighted: false });
  switch (cluster.lb_policy) {
    case "ROUND_ROBIN":
      return plain({ kind: "round_robin" });
    case "LEAST_REQUEST": {
      const choices = cluster.least_request_lb_config?.choice_count ?? 2;
      return plain({ kind: "least_request", choices, activeRequestBias: 1 });
    }
    case "RANDOM":
      return plain({ kind: "random" });
    case "RING_HASH":
      return plain({
        kind: "ring_hash",
        hash: "xx",
        minimumSize: ringSizes.minimum,
        maximumSize: ringSizes.maximum,
        byHostname: false,
      });
    case "MAGLEV":
      return plain({ kind: "maglev", tableSize: maglevSize, byHostname: false });
  }
}

/** The first policy that is known, as in Envoy. */
function compilePolicy(policy: LoadBalancingPolicy, path: string, context: CompileContext): BalancerChoice | undefined {
  for (const [i, entry] of policy.policies.entries()) {
    const config = entry.typed_extension_config?.typed_config;
    const at = `${path}.policies[${i}].typed_extension_config.typed_config`;
    switch (config?.["@type"]) {
      case "xds.type.v3.TypedStruct": {
        const peak = compilePeakEwma(config, `${at}.value`, context);
        if (peak !== undefined) return { balancer: peak, localityWeighted: false };
        continue;
      }
      case "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin":
        context.unserved(`${at}.slow_start_config`, config.slow_start_config !== undefined);
        return {
          balancer: { kind: "round_robin" },
          localityWeighted: config.locality_lb_config?.locality_weighted_lb_config !== undefined,
        };
      case "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest":
        context.unserved(`${at}.slow_start_config`, config.slow_start_config !== undefined);
        return {
          balancer: {
            kind: "least_request",
            choices: config.choice_count ?? 2,
            activeRequestBias: Math.max(0, config.active_request_bias?.default_value ?? 1),
          },
          localityWeighted: config.locality_lb_config?.locality_weighted_lb_config !== undefined,
        };
      case "envoy.extensions.load_balancing_policies.random.v3.Random":
        return {
          balancer: { kind: "random" },
          localityWeighted: config.locality_lb_config?.locality_weighted_lb_config !== undefined,
        };
      case "envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash":
        return compileRing(config, at, context);
      case "envoy.extensions.load_balancing_policies.maglev.v3.Maglev":
        return compileMaglev(config, at, context);
      default:
        context.unserved(at, true);
        return undefined;
    }
  }
  context.error(path, "names no policy that is known");
  return undefined;
}

function compileRing(config: RingHash, path: string, context: CompileContext): BalancerChoice {
  const minimumSize = config.minimum_ring_size ?? ringSizes.minimum;
  const maximumSize = config.maximum_ring_size ?? ringSizes.maximum;
  if (minimumSize > maximumSize)
    context.error(
      `${path}.minimum_ring_size`,
      `ring hash: minimum_ring_size (${minimumSize}) > maximum_ring_size (${maximumSize})`,
    );
  bounded(config, path, context);
  return {
    balancer: {
      kind: "ring_hash",
      hash: config.hash_function === "MURMUR_HASH_2" ? "murmur2" : "xx",
      minimumSize,
      maximumSize,
      byHostname: config.consistent_hashing_lb_config?.use_hostname_for_hashing === true,
    },
    localityWeighted: config.locality_weighted_lb_config !== undefined,
  };
}

function compileMaglev(config: Maglev, path: string, context: CompileContext): BalancerChoice {
  const tableSize = config.table_size ?? maglevSize;
  if (!prime(tableSize)) context.error(`${path}.table_size`, "The table size of maglev must be prime number");
  bounded(config, path, context);
  return {
    balancer: {
      kind: "maglev",
      tableSize,
      byHostname: config.consistent_hashing_lb_config?.use_hostname_for_hashing === true,
    },
    localityWeighted: config.locality_weighted_lb_config !== undefined,
  };
}

function bounded(config: RingHash | Maglev, path: string, context: CompileContext): void {
  const { hash_balance_factor: factor } = config.consistent_hashing_lb_config ?? {};
  context.unserved(`${path}.consistent_hashing_lb_config.hash_balance_factor`, factor !== undefined && factor > 0);
}

function prime(n: number): boolean {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
}

function compilePeakEwma(struct: TypedStruct, path: string, context: CompileContext): BalancerSpec | undefined {
  if (!peakEwmaType.test(struct.type_url)) return undefined;
  const decay = struct.value?.["decay_time"];
  if (decay === undefined) return { kind: "peak_ewma", decayMs: 10_000 };
  const seconds = typeof decay === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(decay)?.[1] : undefined;
  if (seconds === undefined || Number(seconds) <= 0) {
    context.error(`${path}.decay_time`, "must be a duration above zero, such as 10s");
    return undefined;
  }
  return { kind: "peak_ewma", decayMs: Number(seconds) * 1000 };
}
