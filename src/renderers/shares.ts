import { externalServiceOf, serviceOf } from "../model/lookup";
import type { ExternalService, Model, RouteBackend, Rule, Service, Version } from "../model/model";

/** Where a share of a rule's requests goes. A service without versions has one for the pods that exist already. */
export type Destination =
  | { readonly service: Service; readonly version: Version | undefined; readonly port: number }
  | { readonly external: ExternalService; readonly port: number };
export type Shared = Destination & { readonly share: number };

/** One for each version, or one for the pods that exist already. */
export const versionsOrNone = (service: Service): readonly (Version | undefined)[] =>
  service.versions.length === 0 ? [undefined] : service.versions;

/** The versions of a service and what each takes of `weight`: by replicas, or evenly where none runs any. */
export function byReplicas(service: Service, weight: number): { version: Version | undefined; share: number }[] {
  const versions = versionsOrNone(service);
  const replicas = versions.map((version) => version?.workload?.replicas ?? 1);
  const total = replicas.reduce((sum, count) => sum + count, 0);
  return versions.map((version, i) => ({
    version,
    share: weight * (total === 0 ? 1 / versions.length : (replicas[i] ?? 0) / total),
  }));
}

const known = new WeakMap<Model, Map<Rule, readonly Shared[]>>();

/** A rule's backends version by version; what is named twice gets both shares. Worked out once a model. */
export function sharesOf(model: Model, rule: Rule): readonly Shared[] {
  const ofModel = known.get(model) ?? new Map<Rule, readonly Shared[]>();
  known.set(model, ofModel);
  const shares = ofModel.get(rule) ?? combined(model, rule);
  ofModel.set(rule, shares);
  return shares;
}

function combined(model: Model, rule: Rule): readonly Shared[] {
  const shares = new Map<string, Shared>();
  for (const each of rule.backends.flatMap((backend) => expand(model, backend))) {
    const target = "external" in each ? each.external : each.service;
    const version = "external" in each ? "" : (each.version?.name ?? "");
    const key = `${target.path} ${version} ${each.port}`;
    shares.set(key, { ...each, share: each.share + (shares.get(key)?.share ?? 0) });
  }
  return [...shares.values()];
}

function expand(model: Model, backend: RouteBackend): Shared[] {
  const { port, weight } = backend;
  if (backend.kind === "external") {
    const external = externalServiceOf(model, backend);
    return external === undefined ? [] : [{ external, port, share: weight }];
  }
  const service = serviceOf(model, backend);
  if (service === undefined) return [];
  if (backend.version === undefined) return byReplicas(service, weight).map((each) => ({ service, port, ...each }));
  const version = service.versions.find(({ name }) => name === backend.version);
  return [{ service, version, port, share: weight }];
}

/**
 * Shares as the whole numbers that an API takes, none rounded to nothing: as they are where they fit, otherwise in
 * proportion. `total` bounds their sum, `each` the largest.
 */
export function wholeWeights(shares: readonly number[], most: { readonly total: number } | { readonly each: number }) {
  const sum = shares.reduce((all, share) => all + share, 0);
  const limit = "total" in most ? most.total : most.each;
  const size = "total" in most ? sum : Math.max(0, ...shares);
  if (size === 0 || (size <= limit && shares.every(Number.isInteger))) return shares;
  const scaled = shares.map((share) => (share * limit) / size);
  const whole = scaled.map((share, i) => (shares[i] === 0 ? 0 : Math.max(1, Math.floor(share))));
  if (!("total" in most)) return scaled.map((share, i) => Math.max(whole[i] ?? 0, Math.round(share)));
  // The largest remainders take what is over; what the smallest were given beyond theirs comes from the largest.
  const remainder = (i: number): number => (scaled[i] ?? 0) - (whole[i] ?? 0);
  const order = shares.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  let over = limit - whole.reduce((all, share) => all + share, 0);
  for (const i of order) if (over > 0 && shares[i] !== 0) [whole[i], over] = [(whole[i] ?? 0) + 1, over - 1];
  for (; over < 0; over++) {
    const largest = whole.indexOf(Math.max(...whole));
    whole[largest] = (whole[largest] ?? 0) - 1;
  }
  return whole;
}
