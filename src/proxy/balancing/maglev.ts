import type { Random } from "../core/random";
import { sharesByWeight, type Balancer, type Candidate, type HostSource } from "./policy";
import { U64 } from "./u64";
import { xxHash64 } from "./xxhash64";

const free = 0xffff_ffff;

/** Maglev: a table filled by the hosts in turn, each by its own order of slots; a request takes the slot of its hash. */
export class Maglev<T extends Candidate> implements Balancer<T> {
  private seen: HostSource<T> | undefined;
  private table = new Uint32Array();
  private readonly other = new U64();

  /** `size`: a prime. */
  constructor(private readonly size: number) {}

  pick(source: HostSource<T>, _random: Random, _now: number, hash: U64, attempt: number): T {
    if (this.seen !== source) this.build(source);
    let key = hash;
    // Another host than those tried: Envoy flips the hash by the number of the draw.
    if (attempt > 0) key = this.other.copy(hash).xor(0xffff_ffff, 0xffff_ffff - attempt + 1);
    return source.hosts[this.table[key.modulo(this.size)] as number] as T;
  }

  private build(source: HostSource<T>): void {
    this.seen = source;
    const { size } = this;
    const shares = source.shares ?? sharesByWeight(source.hosts);
    const largest = shares.reduce((most, share) => Math.max(most, share), 0);
    const hash = new U64();
    const rows = source.hosts.map((host, index) => ({
      index,
      key: host.hashKey,
      share: shares[index] as number,
      slot: xxHash64(host.hashKey, hash).modulo(size),
      skip: xxHash64(host.hashKey, hash, 0, 1).modulo(size - 1) + 1,
      target: 0,
    }));
    // Any order of the same hosts gives the same table.
    rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const table = (this.table = new Uint32Array(size).fill(free));
    let filled = 0;
    for (let turn = 1; filled < size; turn++) {
      for (const row of rows) {
        if (filled === size) break;
        // A host with a third of the largest share takes part in every third turn.
        if (turn * row.share < row.target) continue;
        row.target += largest;
        while (table[row.slot] !== free) row.slot = (row.slot + row.skip) % size;
        table[row.slot] = row.index;
        filled++;
      }
    }
  }
}
