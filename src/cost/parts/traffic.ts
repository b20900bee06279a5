import { Decimal } from "../decimal";
import type { Context, Demand } from "../demand";
import { mapScenarios, same } from "../scenarios";
import { HOURS_PER_MONTH } from "../units";
import { usageOf } from "../usage/usage";

const TWO = Decimal.of(2);

/** What leaves its zone: billed on both sides on AWS, once on Google Cloud, not at all on one's own machines. */
export function* crossZone({ services, platform }: Context): Generator<Demand> {
  if (platform.provider === "self") return;
  const sides = platform.provider === "aws" ? TWO : Decimal.one;
  for (const { owner, usage } of services) {
    const { gbPerMonth, crossZone: share } = usage;
    yield {
      owner,
      component: "traffic",
      name: "Cross-zone traffic",
      sku: `${platform.provider}.transfer.cross-zone`,
      usageBased: true,
      quantity: gbPerMonth && share && mapScenarios(gbPerMonth, (gb) => gb.times(share).times(sides)),
      missing: gbPerMonth ? `cross_zone_percent of ${owner}` : `data of ${owner}`,
    };
  }
}

/** One load balancer a gateway: a network load balancer on AWS, a forwarding rule on Google Cloud. */
export function* gateways({ model, usage, platform }: Context): Generator<Demand> {
  const balancer = BALANCERS[platform.provider];
  if (!balancer) return;
  for (const gateway of model.gateways) {
    const shared = { owner: `gateway.${gateway.namespace}/${gateway.name}`, component: "traffic" as const };
    const { gbPerMonth } = usageOf(usage.gateway, gateway, model.namespace);
    yield { ...shared, name: balancer.title, sku: balancer.hour, usageBased: false, quantity: same(HOURS_PER_MONTH) };
    yield {
      ...shared,
      name: balancer.capacity,
      sku: balancer.data,
      usageBased: true,
      quantity: gbPerMonth,
      missing: `data of ${shared.owner}`,
    };
  }
}
const BALANCERS: Readonly<Record<string, { title: string; capacity: string; hour: string; data: string } | undefined>> =
  {
    aws: {
      title: "Network load balancer",
      capacity: "Load balancer capacity units",
      hour: "aws.nlb.hour",
      data: "aws.nlb.lcu",
    },
    gcp: {
      title: "Forwarding rule",
      capacity: "Forwarded data",
      hour: "gcp.forwarding-rule.hour",
      data: "gcp.forwarding-rule.data",
    },
  };

/** NAT gateways and clusters, where the usage file counts them: they serve more than the mesh. */
export function* sharedInfrastructure({ usage, platform }: Context): Generator<Demand> {
  const { clusters, natGateways, natGbPerMonth } = usage.mesh;
  const hours = (count: Decimal) => same(count.times(HOURS_PER_MONTH));
  if (clusters && platform.cluster)
    yield {
      owner: "mesh",
      component: "control-plane",
      name: "Clusters",
      sku: platform.cluster,
      usageBased: false,
      quantity: hours(clusters),
    };
  if (platform.provider !== "aws") return;
  const traffic = { owner: "mesh", component: "traffic" as const };
  if (natGateways)
    yield { ...traffic, name: "NAT gateways", sku: "aws.nat.hour", usageBased: false, quantity: hours(natGateways) };
  if (natGbPerMonth)
    yield { ...traffic, name: "NAT data processed", sku: "aws.nat.data", usageBased: true, quantity: natGbPerMonth };
}

/** Cloud Map, where virtual nodes are discovered through it: one resource an instance, and the calls. */
export function* cloudMap({ services, usage }: Context): Generator<Demand> {
  for (const { owner, replicas } of services)
    yield {
      owner,
      component: "mesh-fee",
      name: "Cloud Map instances",
      sku: "aws.cloudmap.instance",
      usageBased: false,
      quantity: replicas && same(replicas),
      missing: `replicas of ${owner}`,
    };
  yield {
    owner: "mesh",
    component: "mesh-fee",
    name: "Cloud Map discovery",
    sku: "aws.cloudmap.discovery",
    usageBased: true,
    quantity: usage.mesh.discoveryCallsPerMonth,
    missing: "monthly_discovery_calls of mesh",
  };
}
