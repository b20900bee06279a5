import type { BackendName, Model } from "../model/model";
import { keyOf } from "../model/model";
import type { Finding } from "../model/finding";
import { bills } from "./bills";
import { costFinding } from "./codes";
import { type Component, componentNames } from "./components";
import { Decimal } from "./decimal";
import type { Context, Demand, ServiceLoad } from "./demand";
import { type CostLine, priceDemands } from "./line";
import { locate, type Platform, type PlatformName, platformNames, platforms } from "./platform";
import type { Price } from "./price";
import { bundledBook, type PriceBook } from "./price-book";
import { addScenarios, none, type Scenarios, sumScenarios } from "./scenarios";
import { noUsage, type Usage, usageOf } from "./usage/usage";

export interface EstimateOptions {
  /** Default: the bundled book `vendor`. */
  readonly book?: PriceBook;
  /** Default: nothing is known, and what follows from usage is left open. */
  readonly usage?: Usage;
  /** Default: `us-east-1` for AWS backends and those that run anywhere, `us-central1` for Google's. */
  readonly region?: string;
  /** Where proxies run. Default: `eks` in AWS regions, `gke` in Google's. */
  readonly platform?: PlatformName;
  /** ISO date, to tell how old prices are. Default: not told. */
  readonly today?: string;
}
export interface Estimate {
  readonly mesh: string;
  readonly backend: BackendName;
  readonly region: string;
  readonly platform: Platform;
  readonly book: Pick<PriceBook, "name" | "title" | "dateRead">;
  readonly currency: string;
  readonly lines: readonly CostLine[];
  /** The sum of all lines that have a cost. */
  readonly monthly: Scenarios;
  readonly byComponent: Readonly<Record<Component, Scenarios>>;
  /** By `mesh`, `service.NAMESPACE/NAME` and `gateway.NAMESPACE/NAME`. */
  readonly byOwner: ReadonlyMap<string, Scenarios>;
  /** Lines without a cost: they depend on usage, a measurement or the vendor, and are not in any total. */
  readonly open: number;
  readonly findings: readonly Finding[];
}

const STALE_AFTER_DAYS = 180;

/** What a mesh costs on a backend. Pure: the same arguments give the same estimate. Errors are in its findings. */
export function estimate(model: Model, backend: BackendName, options: EstimateOptions = {}): Estimate {
  const { book = bundledBook("vendor"), usage = noUsage } = options;
  const findings: Finding[] = [...unknownAddresses(model, usage)];
  const where = locate(backend, options, book);
  if ("problem" in where) {
    findings.push(
      costFinding(
        "MESH5032",
        "",
        where.problem,
        `Name a region as us-east-1 (AWS) or us-central1 (Google Cloud), and one of the platforms ${platformNames.join(", ")}.`,
      ),
    );
    return total(
      model,
      backend,
      { region: options.region ?? "", platform: platforms[options.platform ?? "self"] },
      book,
      [],
      findings,
    );
  }
  const context: Context = {
    model,
    usage,
    platform: where.platform,
    services: serviceLoads(model, usage),
    findings: [],
  };
  const demands = [...bills[backend](context), ...additional(usage)];
  const covered = demands.filter(({ component }) => book.covers?.includes(component) ?? true);
  const priced = priceDemands(covered, book, where.region);
  findings.push(...priced.findings, ...about(priced.used, options.today));
  if (book.covers)
    findings.push(
      costFinding(
        "MESH5038",
        "",
        `the price book ${book.name} prices ${book.covers.join(", ")} and nothing else`,
        "Use the price book vendor for all that the mesh consumes.",
      ),
    );
  else findings.push(...context.findings);
  if (backend === "appmesh")
    findings.push(
      costFinding(
        "MESH5035",
        "backends.appmesh",
        "AWS App Mesh was discontinued on 2026-09-30; nothing can be created there",
        "Compare with vpc-lattice or istio: meshup cost compare FILE.",
      ),
    );
  return total(model, backend, where, book, priced.lines, findings);
}

function total(
  model: Model,
  backend: BackendName,
  { region, platform }: { readonly region: string; readonly platform: Platform },
  book: PriceBook,
  lines: readonly CostLine[],
  findings: readonly Finding[],
): Estimate {
  const byOwner = new Map<string, Scenarios>();
  const byComponent = Object.fromEntries(componentNames.map((name) => [name, none])) as Record<Component, Scenarios>;
  let open = 0;
  for (const { owner, component, monthly } of lines) {
    if (!monthly) open++;
    byOwner.set(owner, addScenarios(byOwner.get(owner) ?? none, monthly ?? none));
    if (monthly) byComponent[component] = addScenarios(byComponent[component], monthly);
  }
  const { name, title, dateRead, currency } = book;
  const monthly = sumScenarios(Object.values(byComponent));
  const of = { mesh: model.name, backend, region, platform, book: { name, title, dateRead }, currency };
  return { ...of, lines, monthly, byComponent, byOwner, open, findings };
}

export function serviceLoads(model: Model, usage: Usage): readonly ServiceLoad[] {
  const called = new Set(model.services.flatMap((s) => s.calls.filter((c) => c.kind === "service").map(keyOf)));
  return model.services.map((service) => {
    const own = usageOf(usage.service, service, model.namespace);
    let replicas = 0;
    let counted = service.versions.length > 0;
    for (const { workload } of service.versions)
      if (workload) replicas += workload.replicas;
      else counted = false;
    const known = Decimal.of(replicas);
    return {
      service,
      owner: `service.${keyOf(service)}`,
      usage: own,
      replicas: counted ? known : own.replicas?.plus(known),
      passes: Decimal.of(called.has(keyOf(service)) ? 2 : 1),
    };
  });
}

const additional = (usage: Usage): Demand[] =>
  usage.mesh.additional.map(({ sku, name, component, quantity, place }) => ({
    ...{ owner: "mesh", component, name, sku, quantity, place },
    usageBased: true,
  }));

function unknownAddresses(model: Model, usage: Usage): Finding[] {
  const findings: Finding[] = [];
  for (const [type, things] of [
    ["service", model.services],
    ["gateway", model.gateways],
  ] as const) {
    const names = new Set(things.flatMap((t) => (t.namespace === model.namespace ? [keyOf(t), t.name] : [keyOf(t)])));
    for (const [address, { place }] of usage[type].own)
      if (!names.has(address))
        findings.push(
          costFinding(
            "MESH5021",
            `resource_usage.${type}.${address}`,
            `the mesh ${model.name} has no ${type} ${address}`,
            `Correct the address, or remove it; a ${type} outside namespace ${model.namespace} needs its namespace.`,
            place(),
          ),
        );
  }
  return findings;
}

/** What the reader should know about the prices that were used. */
function about(used: ReadonlySet<Price>, today: string | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const { sku, book, place, contradictedBy } of used)
    if (contradictedBy)
      findings.push(
        costFinding(
          "MESH5034",
          sku,
          `${book}'s price is contradicted: ${contradictedBy.text} (${contradictedBy.source}, read ${contradictedBy.dateRead})`,
          "Use the price book vendor.",
          place,
        ),
      );
  const stale = [...used]
    .filter(({ dateRead, ask }) => today && !ask && daysBetween(dateRead, today) > STALE_AFTER_DAYS)
    .sort((a, b) => (a.dateRead < b.dateRead ? -1 : 1));
  const [oldest] = stale;
  if (oldest)
    findings.push(
      costFinding(
        "MESH5033",
        oldest.sku,
        `${stale.length} of the ${used.size} prices used were read more than ${STALE_AFTER_DAYS} days ago (${[...new Set(stale.map(({ sku, dateRead }) => `${sku} on ${dateRead}`))].slice(0, 3).join(", ")})`,
        "Check them at their sources and override them in a price book with today's date.",
        oldest.place,
      ),
    );
  return findings;
}
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
