import type { Random } from "../core/random";
import { priorityLoads, type PriorityLoads } from "./availability";
import { balancer } from "./index";
import { localityShares, localityWeight, type LocalityCount } from "./locality";
import { isConsistent, type Balancer, type BalancerSpec, type Candidate, type HostSource } from "./policy";
import { EarliestDeadline } from "./earliest-deadline";
import { U64 } from "./u64";

export type Health = "healthy" | "degraded" | "unhealthy";

/** A host with its place in the cluster. */
export interface Member extends Candidate {
  readonly health: Health;
  /** 0 is tried first. */
  readonly priority: number;
  /** Key of its locality. */
  readonly locality: string;
  /** Of its locality as a whole; 0: none was given. */
  readonly localityWeight: number;
}

export interface LevelSettings {
  readonly balancer: BalancerSpec;
  /** Percent of hosts below which a priority's health is ignored; 0: never. */
  readonly panicThreshold: number;
  /** Percent; 140 lets 72 % of the hosts carry all. */
  readonly overprovisioning: number;
  /** Localities are chosen by their weights first. */
  readonly localityWeighted: boolean;
}

/** One kind of hosts of one priority: a list to pick from, or one for each locality and their turns. */
class Group<T extends Member> {
  private sources: HostSource<T>[] = [];
  private readonly balancers: Balancer<T>[] = [];
  private weights: readonly number[] = [];
  private turns: EarliestDeadline | undefined;

  constructor(private readonly spec: BalancerSpec) {}

  set(sources: readonly HostSource<T>[], weights: readonly number[]): void {
    // A source that did not change stays the same object, so that its policy keeps its place.
    this.sources = sources.map((source, i) => {
      const before = this.sources[i];
      return before !== undefined && sameSource(before, source) ? before : source;
    });
    while (this.balancers.length < sources.length) this.balancers.push(balancer<T>(this.spec));
    if (sources.length < 2) this.turns = undefined;
    else if (this.turns === undefined || !sameList(weights, this.weights)) this.turns = new EarliestDeadline(weights);
    this.weights = weights;
  }

  /** A host's weight changed: its policy looks at the hosts anew. */
  reweigh(): void {
    this.sources = this.sources.map((source) => ({ ...source }));
  }

  pick(random: Random, now: number, hash: U64, attempt: number): T | undefined {
    let at = 0;
    if (this.turns !== undefined) {
      at = this.turns.first;
      this.turns.advance(this.weights[at] as number);
    }
    const source = this.sources[at];
    return source === undefined
      ? undefined
      : (this.balancers[at] as Balancer<T>).pick(source, random, now, hash, attempt);
  }
}

interface Level<T extends Member> {
  readonly all: Group<T>;
  readonly healthy: Group<T>;
  readonly degraded: Group<T>;
}

/** Picks hosts over priorities, localities and health, as Envoy does. */
export class Levels<T extends Member> {
  private readonly levels: Level<T>[] = [];
  private loads: PriorityLoads = { healthy: [], degraded: [], panic: [] };
  private readonly consistent: boolean;
  private readonly drawn = new U64();
  /** The last pick ignored health. */
  panicked = false;

  constructor(private readonly settings: LevelSettings) {
    this.consistent = isConsistent(settings.balancer);
  }

  /** Takes the hosts as they are now; `reweighed`: a weight changed. */
  rebuild(hosts: readonly T[], reweighed = false): void {
    const { balancer: spec, overprovisioning, panicThreshold } = this.settings;
    const priorities = hosts.reduce((most, host) => Math.max(most, host.priority + 1), 0);
    while (this.levels.length < priorities)
      this.levels.push({ all: new Group(spec), healthy: new Group(spec), degraded: new Group(spec) });
    this.levels.length = priorities;
    const counts = this.levels.map((level, priority) => {
      const own = hosts.filter((host) => host.priority === priority);
      const healthy = own.filter((host) => host.health === "healthy");
      const degraded = own.filter((host) => host.health === "degraded");
      this.fill(level.all, own, own, true);
      this.fill(level.healthy, own, healthy, false);
      this.fill(level.degraded, own, degraded, false);
      if (reweighed) for (const group of [level.all, level.healthy, level.degraded]) group.reweigh();
      return { total: own.length, healthy: healthy.length, degraded: degraded.length };
    });
    this.loads = priorityLoads(counts, overprovisioning, panicThreshold);
  }

  /** A host; undefined when there is none. Without a hash, chance takes its place. */
  pick(random: Random, now: number, hash: U64 | undefined, attempt: number): T | undefined {
    const { healthy, degraded, panic } = this.loads;
    this.panicked = false;
    let key = this.drawn;
    if (this.consistent) {
      if (hash !== undefined) key = hash;
      else if (attempt === 0) key.set(random.next(), random.next());
    }
    if (healthy.length === 1 && healthy[0] === 100 && panic[0] === false)
      return (this.levels[0] as Level<T>).healthy.pick(random, now, key, attempt);
    const draw = this.consistent ? key.modulo(100) : random.below(100);
    let upTo = 0;
    for (let i = 0; i < healthy.length; i++) {
      upTo += healthy[i] as number;
      if (draw >= upTo) continue;
      const level = this.levels[i] as Level<T>;
      this.panicked = panic[i] as boolean;
      return (this.panicked ? level.all : level.healthy).pick(random, now, key, attempt);
    }
    for (let i = 0; i < degraded.length; i++) {
      upTo += degraded[i] as number;
      if (draw >= upTo) continue;
      const level = this.levels[i] as Level<T>;
      this.panicked = panic[i] as boolean;
      return (this.panicked ? level.all : level.degraded).pick(random, now, key, attempt);
    }
    return undefined;
  }

  /** `own`: all hosts of the priority, `usable`: those of the group; in panic localities have no say. */
  private fill(group: Group<T>, own: readonly T[], usable: readonly T[], panic: boolean): void {
    const localities = this.settings.localityWeighted ? this.localities(own, usable) : [];
    if (!localities.some((l) => l.weight > 0) || usable.length === 0)
      return group.set(usable.length === 0 ? [] : [{ hosts: usable }], [1]);
    if (this.consistent) {
      const { hosts, shares } = localityShares(localities);
      return group.set([{ hosts, shares }], [1]);
    }
    if (panic) return group.set([{ hosts: usable }], [1]);
    const weights = localities.map((l) => localityWeight(l, this.settings.overprovisioning));
    const taking = localities.filter((_, i) => (weights[i] as number) > 0);
    group.set(
      taking.map(({ hosts }) => ({ hosts })),
      weights.filter((weight) => weight > 0),
    );
  }

  private localities(own: readonly T[], usable: readonly T[]): LocalityCount<T>[] {
    const keys = [...new Set(own.map((host) => host.locality))];
    return keys.map((key) => {
      const members = own.filter((host) => host.locality === key);
      return {
        weight: (members[0] as T).localityWeight,
        total: members.length,
        hosts: usable.filter((host) => host.locality === key),
      };
    });
  }
}

function sameSource(a: HostSource, b: HostSource): boolean {
  return sameList(a.hosts, b.hosts) && (a.shares === b.shares || sameList(a.shares ?? [], b.shares ?? []));
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
