/** Hosts of one priority, counted. */
export interface LevelCount {
  readonly total: number;
  readonly healthy: number;
  readonly degraded: number;
}

/** Percent of the requests for each priority's healthy and degraded hosts, and where health is ignored. */
export interface PriorityLoads {
  readonly healthy: readonly number[];
  readonly degraded: readonly number[];
  readonly panic: readonly boolean[];
}

/**
 * Envoy's distribution over priorities. A priority can take all that its healthy hosts times the overprovisioning factor
 * (percent) cover; what it cannot take goes to the next one. Below the panic threshold (percent of hosts; 0: never) a
 * priority's health is ignored.
 */
export function priorityLoads(
  levels: readonly LevelCount[],
  overprovisioning: number,
  panicThreshold: number,
): PriorityLoads {
  const cover = (available: number, total: number): number =>
    total === 0 ? 0 : Math.min(100, Math.floor((overprovisioning * available) / total));
  const healthy = levels.map((level) => cover(level.healthy, level.total));
  const degraded = levels.map((level) => cover(level.degraded, level.total));
  const available = Math.min(
    100,
    [...healthy, ...degraded].reduce((sum, percent) => sum + percent, 0),
  );
  const none = levels.map(() => 0);
  if (available === 0 && panicThreshold === 0) return { healthy: none, degraded: none, panic: levels.map(() => false) };
  const panic = levels.map(
    ({ total, healthy: good, degraded: fair }) =>
      available !== 100 && (total === 0 ? 0 : ((good + fair) * 100) / total) < panicThreshold,
  );
  if (panic.every((p) => p)) return { healthy: byHosts(levels), degraded: none, panic };
  let left = 100;
  const distribute = (percents: readonly number[]): number[] =>
    percents.map((percent) => {
      const load = Math.min(left, Math.floor((percent * 100) / available));
      left -= load;
      return load;
    });
  const loads = { healthy: distribute(healthy), degraded: distribute(degraded), panic };
  if (left > 0) give(healthy.some((p) => p > 0) ? [healthy, loads.healthy] : [degraded, loads.degraded], left);
  return loads;
}

/** What rounding left goes to the first that can take something. */
function give([able, loads]: readonly [readonly number[], number[]], rest: number): void {
  const at = able.findIndex((percent) => percent > 0);
  if (at >= 0) loads[at] = (loads[at] as number) + rest;
}

/** All priorities panic: by the number of hosts alone. */
function byHosts(levels: readonly LevelCount[]): number[] {
  const total = levels.reduce((sum, level) => sum + level.total, 0);
  if (total === 0) return levels.map(() => 0);
  const loads = levels.map((level) => Math.floor((level.total * 100) / total));
  give([levels.map((level) => level.total), loads], 100 - loads.reduce((sum, load) => sum + load, 0));
  return loads;
}
