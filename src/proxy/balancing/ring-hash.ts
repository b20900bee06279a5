import type { Random } from "../core/random";
import { murmur2 } from "./murmur2";
import { sharesByWeight, type Balancer, type Candidate, type HostSource } from "./policy";
import { U64 } from "./u64";
import { xxHash64 } from "./xxhash64";

/** Ketama: every host has many points on a ring, by its share; a request takes the first point at or after its hash. */
export class RingHash<T extends Candidate> implements Balancer<T> {
  private seen: HostSource<T> | undefined;
  private hi = new Uint32Array();
  private lo = new Uint32Array();
  private owners = new Uint32Array();

  constructor(
    private readonly hash: "xx" | "murmur2",
    private readonly minimumSize: number,
    private readonly maximumSize: number,
  ) {}

  /** Points on the ring. */
  get size(): number {
    return this.owners.length;
  }

  pick(source: HostSource<T>, _random: Random, _now: number, hash: U64, attempt: number): T {
    if (this.seen !== source) this.build(source);
    const size = this.owners.length;
    let at = this.first(hash);
    // Another host than those tried: Envoy goes on by one point a draw.
    if (attempt > 0) at = (at + attempt) % size;
    return source.hosts[this.owners[at] as number] as T;
  }

  /** The first point at or after `hash`, or the first of all. */
  private first(hash: U64): number {
    const { hi, lo } = this;
    let from = 0;
    let to = hi.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const high = hi[middle] as number;
      if (high < hash.hi || (high === hash.hi && (lo[middle] as number) < hash.lo)) from = middle + 1;
      else to = middle;
    }
    return from === hi.length ? 0 : from;
  }

  private build(source: HostSource<T>): void {
    this.seen = source;
    const shares = source.shares ?? sharesByWeight(source.hosts);
    const smallest = shares.reduce((least, share) => Math.min(least, share), 1);
    const scale = Math.min(Math.ceil(smallest * this.minimumSize) / smallest, this.maximumSize);
    const points: { readonly hi: number; readonly lo: number; readonly owner: number }[] = [];
    const point = new U64();
    let target = 0;
    source.hosts.forEach((host, owner) => {
      target += scale * (shares[owner] as number);
      for (let i = 0; points.length < target; i++) {
        const key = `${host.hashKey}_${i}`;
        if (this.hash === "xx") xxHash64(key, point);
        else murmur2(key, point);
        points.push({ hi: point.hi, lo: point.lo, owner });
      }
    });
    points.sort((a, b) => a.hi - b.hi || a.lo - b.lo);
    this.hi = Uint32Array.from(points, (p) => p.hi);
    this.lo = Uint32Array.from(points, (p) => p.lo);
    this.owners = Uint32Array.from(points, (p) => p.owner);
  }
}
