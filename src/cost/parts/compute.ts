import type { Component } from "../components";
import { costFinding } from "../codes";
import { Decimal } from "../decimal";
import { type Context, type Demand, NOT_MEASURED, type ServiceLoad } from "../demand";
import type { ControlPlane, Overhead } from "../overhead/overhead";
import { mapScenarios, none, type Scenarios, same } from "../scenarios";
import { monthlyFromHourly, secondsFromHourly } from "../units";

const THOUSANDTH = Decimal.of("0.001");
const GB_PER_MB = Decimal.one.dividedBy(Decimal.of(1024), 10);
const hoursOf = (amount: Decimal): Decimal => monthlyFromHourly(amount);

/** One proxy beside every replica: CPU by the requests that pass it, memory by the replica. */
export function* sidecars(context: Context, overhead: Overhead): Generator<Demand> {
  reportUnmeasured(context, overhead, overhead.cpu ?? overhead.cpuPer1000Rps);
  for (const load of context.services) {
    const each = { owner: load.owner, component: "data-plane" as const };
    yield {
      ...each,
      name: `${overhead.title} vCPU`,
      sku: context.platform.vcpu,
      usageBased: !overhead.cpu,
      ...(overhead.cpu ? perReplica(load, overhead.cpu) : cpuByRequests(load, overhead.cpuPer1000Rps, load.passes)),
    };
    yield {
      ...each,
      name: `${overhead.title} memory`,
      sku: context.platform.memory,
      usageBased: false,
      ...perReplica(load, overhead.memoryMb?.times(GB_PER_MB)),
    };
  }
}

/** Ambient: ztunnel on every node and a waypoint for every namespace with routes or policies of layer 7. */
export function* ambient(context: Context, ztunnel: Overhead, waypoint: Overhead): Generator<Demand> {
  const { vcpu, memory } = context.platform;
  const { nodes } = context.usage.mesh;
  const memoryOf = (count: Decimal | undefined, overhead: Overhead): Scenarios | undefined =>
    count && overhead.memoryMb && same(hoursOf(count.times(overhead.memoryMb).times(GB_PER_MB)));
  const shared = { owner: "mesh", component: "data-plane" as const, usageBased: false, sku: memory };
  const namespaces = waypointNamespaces(context);
  yield { ...shared, name: `${ztunnel.title} memory`, quantity: memoryOf(nodes, ztunnel), missing: "nodes of mesh" };
  if (namespaces.size > 0)
    yield { ...shared, name: `${waypoint.title} memory`, quantity: memoryOf(Decimal.of(namespaces.size), waypoint) };
  for (const load of context.services) {
    const each = { owner: load.owner, component: "data-plane" as const, sku: vcpu, usageBased: true };
    yield { ...each, name: `${ztunnel.title} vCPU`, ...cpuByRequests(load, ztunnel.cpuPer1000Rps, load.passes) };
    if (namespaces.has(load.service.namespace))
      yield { ...each, name: `${waypoint.title} vCPU`, ...cpuByRequests(load, waypoint.cpuPer1000Rps, Decimal.one) };
  }
}
const waypointNamespaces = ({ model }: Context): ReadonlySet<string> =>
  new Set([
    ...model.routes
      .filter((r) => r.kind !== "tcp")
      .flatMap((r) => r.parents.filter((p) => p.kind === "service").map((p) => p.namespace)),
    ...model.policies.authorization.map((p) => p.target.namespace),
    ...model.policies.jwt.map((p) => p.target.namespace),
  ]);

/** The mesh's own pods, grown with the mesh from what they ask for at least. */
export function* controlPlane(context: Context, plane: ControlPlane): Generator<Demand> {
  reportUnmeasured(context, plane, plane.cpu);
  const size = plane.holds && sizeOf(context, plane.holds);
  const scaled = (figure: Decimal | undefined, floor = Decimal.zero): Decimal | undefined =>
    figure && (size ? figure.times(size) : figure).max(floor);
  yield* pods(
    "control-plane",
    plane.title,
    context,
    scaled(plane.cpu, plane.cpuFloor),
    scaled(plane.memoryMb, plane.memoryFloorMb),
  );
}
/** Something on every node. */
export function* perNode(context: Context, overhead: Overhead): Generator<Demand> {
  const { nodes } = context.usage.mesh;
  const times = (figure?: Decimal): Decimal | undefined => nodes && figure?.times(nodes);
  yield* pods("control-plane", overhead.title, context, times(overhead.cpu), times(overhead.memoryMb), "nodes of mesh");
}
function* pods(
  component: Component,
  title: string,
  { platform }: Context,
  cpu: Decimal | undefined,
  memoryMb: Decimal | undefined,
  missing = NOT_MEASURED,
): Generator<Demand> {
  const shared = { owner: "mesh", component, usageBased: false, missing };
  const quantity = (amount?: Decimal): Scenarios | undefined => amount && same(hoursOf(amount));
  yield { ...shared, name: `${title} vCPU`, sku: platform.vcpu, quantity: quantity(cpu) };
  yield { ...shared, name: `${title} memory`, sku: platform.memory, quantity: quantity(memoryMb?.times(GB_PER_MB)) };
}
function sizeOf({ services }: Context, holds: { readonly services: Decimal; readonly proxies: Decimal }): Decimal {
  const proxies = Decimal.sum(services.flatMap((load) => load.replicas ?? []));
  return Decimal.of(services.length).dividedBy(holds.services, 6).max(proxies.dividedBy(holds.proxies, 6));
}

type Quantity = Pick<Demand, "quantity" | "missing">;

export function perReplica(load: ServiceLoad, amount: Decimal | undefined): Quantity {
  if (!amount) return { missing: NOT_MEASURED };
  if (!load.replicas) return { missing: `replicas of ${load.owner}` };
  return { quantity: load.replicas.isZero ? none : same(hoursOf(load.replicas.times(amount))) };
}
function cpuByRequests(load: ServiceLoad, per1000: Decimal | undefined, passes: Decimal): Quantity {
  if (!per1000) return { missing: NOT_MEASURED };
  const { requestsPerHour } = load.usage;
  if (!requestsPerHour) return { missing: `requests of ${load.owner}` };
  const factor = per1000.times(THOUSANDTH).times(passes);
  return { quantity: mapScenarios(requestsPerHour, (v) => secondsFromHourly(monthlyFromHourly(v)).times(factor)) };
}

function reportUnmeasured(context: Context, overhead: Overhead, cpu: Decimal | undefined): void {
  const parts = [...(cpu ? [] : ["CPU"]), ...(overhead.memoryMb ? [] : ["memory"])];
  if (parts.length === 0) return;
  context.findings.push(
    costFinding(
      "MESH5036",
      "",
      `${overhead.title}: ${parts.join(" and ")} ${overhead.note?.startsWith("not measured") ? `(${overhead.note})` : "not in a published source"}; left out of the total, not taken as zero`,
      "Run npm run bench:proxy for the bundled proxy, or add the figure with `additional` in a usage file.",
    ),
  );
}
