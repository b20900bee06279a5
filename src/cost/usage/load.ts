import type { z } from "zod";
import type { Finding } from "../../model/finding";
import { costFinding, type CostCode, type Place } from "../codes";
import { Decimal } from "../decimal";
import { pathText, readDocument, type Source } from "../document";
import { BUNDLED_TEXTS } from "../generated/data";
import { mapScenarios, type Scenarios } from "../scenarios";
import { fromPercent, gbFromBytes, hourlyFromMonthly, hourlyFromSeconds, monthlyFromHourly, PLACES } from "../units";
import {
  gatewayKeys,
  type GatewayKeys,
  type Load,
  meshKeys,
  type MeshKeys,
  serviceKeys,
  type ServiceKeys,
  type UsageDocument,
  usageSchema,
} from "./schema";
import type { Additional, Addressed, MeshUsage, ServiceUsage, TrafficUsage, Usage } from "./usage";

export interface LoadedUsage {
  /** Absent when there is an error. */
  readonly usage?: Usage;
  readonly findings: readonly Finding[];
}
export const presetNames: readonly string[] = Object.keys(BUNDLED_TEXTS.usage);
/** The text of a preset (`small`, `medium`, `large`), to load or to start a file of one's own from. */
export const presetText = (name: string): string | undefined =>
  Object.hasOwn(BUNDLED_TEXTS.usage, name) ? BUNDLED_TEXTS.usage[name as keyof typeof BUNDLED_TEXTS.usage] : undefined;

/** Reads a usage file in Infracost's form (`version: 0.1`). Addresses are held against the mesh by `estimate`. */
export function loadUsage(text: string, options: { readonly file?: string } = {}): LoadedUsage {
  const source = readDocument<UsageDocument>(text, usageSchema, options.file);
  if (!source.value) return { findings: source.findings };
  const reader = new Reader(source);
  const usage = reader.usage();
  return { ...(reader.findings.length === 0 ? { usage } : {}), findings: reader.findings };
}

const OWN = "resource_usage";
const DEFAULTS = "resource_type_default_usage";
const ADDRESS = /^(service|gateway)\.(?:[^/\s]+\/)?[^/\s]+$/;

class Reader {
  readonly findings: Finding[] = [];
  constructor(private readonly source: Source<UsageDocument>) {}

  usage(): Usage {
    const defaults = this.source.value?.resource_type_default_usage ?? {};
    const own = this.source.value?.resource_usage ?? {};
    for (const address of Object.keys(own))
      if (address !== "mesh" && !ADDRESS.test(address))
        this.report(
          "MESH5002",
          [OWN, address],
          `unknown address ${address}`,
          "Use mesh, service.NAMESPACE/NAME or gateway.NAMESPACE/NAME.",
        );
    const mesh = this.own([OWN, "mesh"], own.mesh, meshKeys) ?? {};
    return {
      mesh: this.mesh({ ...defaults.mesh, ...mesh }, (key) => [key in mesh ? OWN : DEFAULTS, "mesh", key]),
      service: this.addressed("service", serviceKeys, defaults.service ?? {}, (keys, path) => this.service(keys, path)),
      gateway: this.addressed("gateway", gatewayKeys, defaults.gateway ?? {}, (keys, path) => this.traffic(keys, path)),
    };
  }

  private addressed<K extends object, T>(
    type: string,
    schema: z.ZodType<K>,
    defaults: K,
    read: (keys: K, path: readonly PropertyKey[]) => T,
  ): Addressed<T> {
    const own = new Map<string, { usage: T; place: () => Place }>();
    for (const [address, value] of Object.entries(this.source.value?.resource_usage ?? {})) {
      if (!address.startsWith(`${type}.`)) continue;
      const path = [OWN, address];
      const keys = this.own(path, value, schema);
      if (keys)
        own.set(address.slice(type.length + 1), {
          usage: read(over(defaults, keys), path),
          place: () => this.source.place(path),
        });
    }
    return { defaults: read(defaults, [DEFAULTS, type]), own };
  }

  private own<K>(path: readonly PropertyKey[], value: unknown, schema: z.ZodType<K>): K | undefined {
    if (value === undefined || value === null) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const extra = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
      this.report("MESH5002", [...path, ...issue.path, ...extra], issue.message, "docs/cost.md lists the keys.");
    }
    return undefined;
  }

  private mesh(keys: MeshKeys, path: (key: keyof MeshKeys & string) => readonly PropertyKey[]): MeshUsage {
    const amount = (key: "clusters" | "nodes" | "nat_gateways"): Decimal | undefined =>
      this.amount(keys[key], path(key));
    const load = (
      key: "monthly_nat_gb" | "certificates_per_month" | "monthly_discovery_calls",
    ): Scenarios | undefined => this.load(keys[key], path(key));
    const additional = (keys.additional ?? []).flatMap((item, i): Additional[] => {
      const { sku, name, component, monthly_quantity } = item;
      const at = [...path("additional"), i];
      const quantity = this.load(monthly_quantity, [...at, "monthly_quantity"]);
      return quantity
        ? [{ sku, name: name ?? sku, component, quantity, place: this.source.place([...at, "sku"]) }]
        : [];
    });
    return {
      clusters: amount("clusters"),
      nodes: amount("nodes"),
      natGateways: amount("nat_gateways"),
      natGbPerMonth: load("monthly_nat_gb"),
      certificatesPerMonth: load("certificates_per_month"),
      discoveryCallsPerMonth: load("monthly_discovery_calls"),
      additional,
    };
  }

  private service(keys: ServiceKeys, path: readonly PropertyKey[]): ServiceUsage {
    const crossZone = this.amount(keys.cross_zone_percent, [...path, "cross_zone_percent"], Decimal.of(100));
    return {
      ...this.traffic(keys, path),
      replicas: this.amount(keys.replicas, [...path, "replicas"]),
      crossZone: crossZone && fromPercent(crossZone),
      logBytesPerRequest: this.amount(keys.log_bytes_per_request, [...path, "log_bytes_per_request"]),
      metricSeriesPerReplica: this.amount(keys.metric_series_per_replica, [...path, "metric_series_per_replica"]),
    };
  }

  private traffic(keys: GatewayKeys, path: readonly PropertyKey[]): TrafficUsage {
    const growth = this.amount(keys.growth_percent, [...path, "growth_percent"]);
    const ways = [
      ["requests_per_second", hourlyFromSeconds],
      ["requests_per_hour", (v: Decimal) => v],
      ["monthly_requests", hourlyFromMonthly],
    ] as const;
    const said = ways.filter(([key]) => keys[key] !== undefined);
    this.onlyOne(
      said.map(([key]) => key),
      path,
    );
    const [key, toHourly] = said[0] ?? ways[0];
    const rate = this.load(keys[key], [...path, key], growth);
    const requestsPerHour = rate && mapScenarios(rate, toHourly);
    const bytes = ["request_bytes", "response_bytes"] as const;
    const sizes = bytes.map((name) => this.amount(keys[name], [...path, name]));
    const [request, response] = sizes;
    if (keys.monthly_data_gb !== undefined)
      this.onlyOne(["monthly_data_gb", ...bytes.filter((name) => keys[name] !== undefined)], path);
    const direct = this.load(keys.monthly_data_gb, [...path, "monthly_data_gb"], growth);
    const each = request && response && gbFromBytes(request.plus(response));
    const fromSizes =
      each && requestsPerHour && mapScenarios(requestsPerHour, (v) => monthlyFromHourly(v).times(each).rounded(PLACES));
    return { requestsPerHour, gbPerMonth: direct ?? fromSizes };
  }

  private onlyOne(keys: readonly string[], path: readonly PropertyKey[]): void {
    const [first, second] = keys;
    if (second !== undefined)
      this.report("MESH5022", [...path, second], `${first} and ${second} say the same thing twice`, "Keep one.");
  }

  /** The average, the expected (the average grown, unless said) and the peak (the expected, unless said). */
  private load(value: Load | undefined, path: readonly PropertyKey[], growth?: Decimal): Scenarios | undefined {
    if (value === undefined) return undefined;
    const written = typeof value === "object" ? value : { average: value };
    const inner = (key: string): readonly PropertyKey[] => (typeof value === "object" ? [...path, key] : path);
    const low = this.amount(written.average, inner("average"));
    if (!low) return undefined;
    const grown = growth ? low.times(Decimal.one.plus(fromPercent(growth))) : low;
    const expected = this.amount(written.expected, inner("expected")) ?? grown;
    const high = this.amount(written.peak, inner("peak")) ?? expected;
    if (low.compare(expected) > 0 || expected.compare(high) > 0)
      this.report(
        "MESH5020",
        inner(low.compare(expected) > 0 ? "expected" : "peak"),
        `average ${low}, expected ${expected} and peak ${high} do not rise`,
        "Let the average be the lowest and the peak the highest; growth_percent raises the expected value.",
      );
    return { low, expected, high };
  }

  private amount(value: string | number | undefined, path: readonly PropertyKey[], max?: Decimal): Decimal | undefined {
    if (value === undefined) return undefined;
    const amount = Decimal.parse(value);
    if (amount && !amount.isNegative && !(max && amount.compare(max) > 0)) return amount;
    return this.report("MESH5020", path, `${value} is not a number from 0${max ? ` to ${max}` : " up"}`, "Correct it.");
  }

  private report(code: CostCode, path: readonly PropertyKey[], message: string, remedy: string): undefined {
    this.findings.push(costFinding(code, pathText(path), message, remedy, this.source.place(path)));
  }
}

/** A service that says its own rate or sizes in one way must not inherit another way of saying them. */
function over<K extends object>(defaults: K, own: K): K {
  const groups = [
    ["requests_per_second", "requests_per_hour", "monthly_requests"],
    ["monthly_data_gb", "request_bytes", "response_bytes"],
  ];
  const dropped = groups
    .filter((group) => group.some((key) => key in own))
    .flatMap((group) => (group[0] === "monthly_data_gb" && !("monthly_data_gb" in own) ? ["monthly_data_gb"] : group));
  return { ...Object.fromEntries(Object.entries(defaults).filter(([key]) => !dropped.includes(key))), ...own } as K;
}
