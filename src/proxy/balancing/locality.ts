import { sharesByWeight, type Candidate } from "./policy";

/** One locality of one priority. */
export interface LocalityCount<T extends Candidate> {
  /** As configured; 0 takes nothing. */
  readonly weight: number;
  /** All its hosts. */
  readonly total: number;
  /** Those that may be picked. */
  readonly hosts: readonly T[];
}

/** Its weight, less what its hosts that may be picked cannot cover even with the overprovisioning factor (percent). */
export function localityWeight(locality: LocalityCount<Candidate>, overprovisioning: number): number {
  const { weight, total, hosts } = locality;
  if (total === 0) return 0;
  return weight * Math.min(1, (overprovisioning / 100) * (hosts.length / total));
}

/** For consistent hashing: each host's part of its locality's part. */
export function localityShares<T extends Candidate>(
  localities: readonly LocalityCount<T>[],
): { readonly hosts: readonly T[]; readonly shares: readonly number[] } {
  const total = localities.reduce((sum, locality) => sum + locality.weight, 0);
  const taking = localities.filter((locality) => locality.weight > 0);
  return {
    hosts: taking.flatMap((locality) => locality.hosts),
    shares: taking.flatMap((locality) => sharesByWeight(locality.hosts, locality.weight / total)),
  };
}
