import { wrote } from "../../model";
import { emulated, native, unsupported, type Row } from "../capability";
import { source as s } from "../sources";
import { trafficThat } from "../uses";
import type { HashKey, LoadBalancingPolicy, Model } from "../../model/model";

const appmeshFixed = unsupported("AWS fixes how requests are balanced", s.appmeshNode);
const latticeFixed = unsupported("AWS fixes how requests are balanced", s.latticeTargets);
const linkerdEwma = unsupported("Linkerd balances by latency (peak EWMA) alone", s.linkerdBalancing, "Use PEAK_EWMA.");
const linkerdHash = unsupported(
  "Linkerd has no consistent hashing",
  s.linkerdBalancing,
  "Keep the state outside the service.",
);
const oneHost = "src/renderers/proxy/placement.ts: the addresses of one host";
/** The default policy counts only where it was asked for: the others' own choice is near enough to least request. */
const policy = (name: LoadBalancingPolicy) =>
  function* (model: Model): Iterable<string> {
    for (const service of model.services) {
      const path = `${service.traffic.path}.loadBalancing`;
      if (service.traffic.loadBalancing.policy !== name) continue;
      if (name !== "LEAST_REQUEST" || wrote(model, `${path}.policy`)) yield `${path}.policy`;
    }
  };
const hashOn = (kind: HashKey["kind"]) =>
  trafficThat("loadBalancing.hashOn", (t) => t.loadBalancing.hashOn.some((key) => key.kind === kind));

/** Which endpoint a request goes to. */
export const balancing: readonly Row[] = [
  [
    "loadBalancing.roundRobin",
    "Round robin",
    "tuning",
    policy("ROUND_ROBIN"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdEwma,
      appmesh: native(s.appmeshDefaults),
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": native(s.latticeTargets),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "loadBalancing.leastRequest",
    "Least request",
    "tuning",
    policy("LEAST_REQUEST"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdEwma,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "loadBalancing.peakEwma",
    "Peak EWMA (latency)",
    "tuning",
    policy("PEAK_EWMA"),
    {
      istio: emulated("LEAST_REQUEST", "latency is not looked at", s.destinationRule),
      linkerd: native(s.linkerdBalancing),
      appmesh: appmeshFixed,
      gcsm: emulated("LEAST_REQUEST", "latency is not looked at", s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native("the bundled proxy; stock Envoy takes the least_request that stands after it"),
    },
  ],
  [
    "loadBalancing.random",
    "Random",
    "tuning",
    policy("RANDOM"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdEwma,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "loadBalancing.ringHash",
    "Ring hash",
    "routing",
    policy("RING_HASH"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "loadBalancing.maglev",
    "Maglev",
    "routing",
    policy("MAGLEV"),
    {
      istio: native(s.destinationRule, { since: "1.15" }),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "loadBalancing.hashOn.header",
    "Hash of a header",
    "routing",
    hashOn("header"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "loadBalancing.hashOn.cookie",
    "Hash of a cookie",
    "routing",
    hashOn("cookie"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "loadBalancing.hashOn.query",
    "Hash of a query parameter",
    "routing",
    hashOn("query"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: unsupported("consistentHash takes a header, a cookie or the address", s.googleBackend, "Hash on a header."),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "loadBalancing.hashOn.sourceIp",
    "Hash of the caller's address",
    "routing",
    hashOn("sourceIp"),
    {
      istio: native(s.destinationRule),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: native(s.googleBackend, { form: "folded" }),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "loadBalancing.hashOn.many",
    "Several hash keys in order",
    "routing",
    trafficThat("loadBalancing.hashOn", (t) => t.loadBalancing.hashOn.length > 1),
    {
      istio: unsupported("consistentHash holds one key", s.destinationRule, "Hash on one key."),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: unsupported("consistentHash holds one key", s.googleBackend, "Hash on one key."),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "loadBalancing.affinity",
    "Sticky sessions by a generated cookie",
    "routing",
    trafficThat("loadBalancing.affinity", (t) => t.loadBalancing.affinity !== undefined),
    {
      istio: emulated(
        "consistentHash.httpCookie, which generates the cookie",
        "a session moves when the set of pods changes",
        s.destinationRule,
      ),
      linkerd: linkerdHash,
      appmesh: appmeshFixed,
      gcsm: emulated(
        "sessionAffinity HTTP_COOKIE with RING_HASH",
        "a session moves when the set of pods changes",
        s.googleBackend,
        { form: "folded" },
      ),
      "vpc-lattice": latticeFixed,
      proxy: emulated("a hash of a generated cookie", "a session moves when the set of pods changes", s.envoyRoute),
    },
  ],
  [
    "loadBalancing.slowStart",
    "Slow start of new endpoints",
    "tuning",
    trafficThat("loadBalancing.slowStart", (t) => t.loadBalancing.slowStartMs !== undefined),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("Linkerd has no slow start; latency keeps load from slow pods", s.linkerdBalancing),
      appmesh: appmeshFixed,
      gcsm: unsupported("BackendService has no slow start in the service mesh", s.googleBackend),
      "vpc-lattice": latticeFixed,
      proxy: native(s.envoyCluster, { needs: "envoy" }),
    },
  ],
  [
    "loadBalancing.locality.prefer",
    "Prefer endpoints of the same zone",
    "tuning",
    trafficThat("loadBalancing.locality", (t) => t.loadBalancing.locality?.mode === "prefer"),
    {
      istio: native(s.destinationRule),
      linkerd: emulated(
        "topology-aware routing of the Service",
        "Kubernetes decides when zones are balanced enough",
        s.linkerdBalancing,
        { form: "folded" },
      ),
      appmesh: appmeshFixed,
      gcsm: emulated("serviceLbPolicy WATERFALL_BY_ZONE", "", s.googleBackend),
      "vpc-lattice": latticeFixed,
      proxy: emulated("all endpoints are on this host, so each is near", "", oneHost),
    },
  ],
  [
    "loadBalancing.locality.failover",
    "Failover from one locality to another",
    "routing",
    trafficThat("loadBalancing.locality.failover", (t) => (t.loadBalancing.locality?.failover.length ?? 0) > 0),
    {
      istio: native(s.destinationRule),
      "istio-managed-csm": unsupported("failover order is Google's", s.managedCsm, "Use mode: prefer."),
      linkerd: unsupported(
        "no failover between zones without the failover extension",
        s.linkerdBalancing,
        "Use mode: prefer.",
      ),
      appmesh: appmeshFixed,
      gcsm: unsupported("failover order is the platform's", s.googleBackend, "Use mode: prefer."),
      "vpc-lattice": latticeFixed,
      proxy: unsupported("all endpoints are on this host: there is no other place", oneHost, "Run it on a cluster."),
    },
  ],
  [
    "loadBalancing.locality.distribute",
    "Shares between localities",
    "routing",
    trafficThat("loadBalancing.locality.distribute", (t) => (t.loadBalancing.locality?.distribute.length ?? 0) > 0),
    {
      istio: native(s.destinationRule),
      "istio-managed-csm": unsupported("localityLbSetting.distribute is not read", s.managedCsm, "Use mode: prefer."),
      linkerd: unsupported("no shares between zones", s.linkerdBalancing, "Use mode: prefer."),
      appmesh: appmeshFixed,
      gcsm: unsupported("no shares between zones", s.googleBackend, "Use mode: prefer."),
      "vpc-lattice": latticeFixed,
      proxy: unsupported("all endpoints are on this host: there is no other place", oneHost, "Run it on a cluster."),
    },
  ],
];
