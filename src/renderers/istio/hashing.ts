import type { Finding } from "../../model/finding";
import type { HashKey, LoadBalancing, LoadBalancingPolicy, Locality, Traffic } from "../../model/model";
import { formatDuration } from "../../model/units";
import { defined } from "../k8s-resource";
import type { Flavour } from "./context";
import { finding } from "./findings";

type Fields = Readonly<Record<string, unknown>>;

/** Hash policies without a key to hash still spread requests evenly. */
const simple: Readonly<Record<LoadBalancingPolicy, string>> = {
  ROUND_ROBIN: "ROUND_ROBIN",
  LEAST_REQUEST: "LEAST_REQUEST",
  PEAK_EWMA: "LEAST_REQUEST",
  RANDOM: "RANDOM",
  RING_HASH: "LEAST_REQUEST",
  MAGLEV: "LEAST_REQUEST",
};
/** Envoy's own, written because Istio asks for a size. */
const MAGLEV_TABLE = 65_537;

export function loadBalancer(lb: LoadBalancing, flavour: Flavour): Fields {
  const [key] = keysOf(lb);
  return defined({
    ...(key === undefined ? { simple: simple[lb.policy] } : { consistentHash: { ...hashKey(key), ...algorithm(lb) } }),
    localityLbSetting: locality(lb.locality, flavour),
    warmup: lb.slowStartMs ? { duration: formatDuration(lb.slowStartMs) } : undefined,
  });
}

/** The generated cookie of sticky sessions before the keys of hash policies; Istio holds one. */
const keysOf = (lb: LoadBalancing): readonly HashKey[] => [
  ...(lb.affinity === undefined
    ? []
    : [
        {
          kind: "cookie" as const,
          name: lb.affinity.cookie,
          ttlMs: lb.affinity.ttlMs,
          cookiePath: lb.affinity.cookiePath,
        },
      ]),
  ...(lb.policy === "RING_HASH" || lb.policy === "MAGLEV" ? lb.hashOn : []),
];

function hashKey(key: HashKey): Fields {
  switch (key.kind) {
    case "header":
      return { httpHeaderName: key.name };
    case "query":
      return { httpQueryParameterName: key.name };
    case "sourceIp":
      return { useSourceIp: true };
    case "cookie":
      // Without a ttl Envoy would only read the cookie, never set it; 0s makes it the session's.
      return { httpCookie: { name: key.name, path: key.cookiePath, ttl: formatDuration(key.ttlMs) } };
  }
}

const algorithm = (lb: LoadBalancing): Fields =>
  lb.policy === "MAGLEV"
    ? { maglev: { tableSize: lb.tableSize ?? MAGLEV_TABLE } }
    : { ringHash: defined({ minimumRingSize: lb.minimumRingSize }) };

/**
 * Istio prefers the own zone by default as soon as there is outlier detection, so "off" is written out. Google
 * fails over as it sees fit and reads no shares.
 */
function locality(setting: Locality | undefined, flavour: Flavour): Fields {
  if (setting === undefined || setting.mode === "off") return { enabled: false };
  if (flavour === "managed-csm") return { enabled: true };
  if (setting.mode === "distribute" && setting.distribute.length > 0) {
    return { enabled: true, distribute: setting.distribute.map(shares) };
  }
  return defined({ enabled: true, failover: setting.failover.length > 0 ? setting.failover : undefined });
}

/** Istio takes shares from 1 to 100; what gets nothing is not named. */
const shares = ({ from, to }: Locality["distribute"][number]): Fields => ({
  from,
  to: Object.fromEntries(Object.entries(to).filter(([, share]) => share > 0)),
});

export function loadBalancerFindings({ loadBalancing: lb, outlierDetection, path }: Traffic): Finding[] {
  const mode = lb.locality?.mode ?? "off";
  return [
    ...(lb.affinity !== undefined && keysOf(lb).length > 1
      ? [
          finding(
            "MESH2113",
            `${path}.loadBalancing.affinity`,
            "Istio hashes one key, and the cookie of sticky sessions is one",
            "Keep either affinity or hashOn.",
          ),
        ]
      : []),
    ...(mode === "prefer" && outlierDetection === undefined
      ? [
          finding(
            "MESH2104",
            `${path}.loadBalancing.locality`,
            "Istio prefers a zone only where it can see that the zone fails",
            "Add outlierDetection.",
          ),
        ]
      : []),
  ];
}
