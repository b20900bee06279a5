import { priorityLoads } from "../../../src/proxy/balancing/availability";
import { Levels, type Health, type LevelSettings, type Member } from "../../../src/proxy/balancing/levels";
import type { BalancerSpec } from "../../../src/proxy/balancing/policy";
import { U64 } from "../../../src/proxy/balancing/u64";
import { xxHash64 } from "../../../src/proxy/balancing/xxhash64";
import { SeededRandom } from "../../../src/proxy/core/random";

interface Fake extends Member {
  readonly name: string;
  health: Health;
  weight: number;
}

function host(name: string, over: Partial<Fake> = {}): Fake {
  return {
    name,
    weight: 1,
    active: 0,
    hashKey: `10.0.0.1:${name}`,
    latencyAt: () => 1,
    health: "healthy",
    priority: 0,
    locality: "",
    localityWeight: 0,
    ...over,
  };
}

const many = (n: number, over: (i: number) => Partial<Fake> = () => ({}), prefix = "h"): Fake[] =>
  Array.from({ length: n }, (_, i) => host(`${prefix}${i}`, over(i)));

function levels(hosts: readonly Fake[], over: Partial<LevelSettings> = {}): Levels<Fake> {
  const made = new Levels<Fake>({
    balancer: { kind: "round_robin" },
    panicThreshold: 50,
    overprovisioning: 140,
    localityWeighted: false,
    ...over,
  });
  made.rebuild(hosts);
  return made;
}

function shares(from: Levels<Fake>, by: (host: Fake) => string, picks = 10_000): Record<string, number> {
  const random = new SeededRandom(3);
  const counts: Record<string, number> = {};
  for (let i = 0; i < picks; i++) {
    const name = by(from.pick(random, 0, undefined, 0) ?? host("nobody"));
    counts[name] = (counts[name] ?? 0) + 100 / picks;
  }
  return counts;
}

describe("load over priorities", () => {
  const level = (total: number, healthy: number, degraded = 0) => ({ total, healthy, degraded });

  // The rows of Envoy's documentation on priority levels, overprovisioning 1.4.
  test.each([
    [100, 100, [100, 0]],
    [72, 100, [100, 0]],
    [71, 100, [99, 1]],
    [50, 100, [70, 30]],
    [25, 100, [35, 65]],
    [0, 100, [0, 100]],
    [25, 25, [50, 50]],
  ])("with %i and %i percent healthy", (first, second, expected) => {
    expect(priorityLoads([level(100, first), level(100, second)], 140, 0).healthy).toEqual(expected);
  });

  test("degraded hosts take what healthy ones cannot", () => {
    const loads = priorityLoads([level(100, 50, 50), level(100, 0)], 140, 50);
    expect([loads.healthy, loads.degraded]).toEqual([
      [70, 0],
      [30, 0],
    ]);
  });

  test("a priority below the threshold panics only while the whole cannot carry all", () => {
    expect(priorityLoads([level(100, 25), level(100, 100)], 140, 50).panic).toEqual([false, false]);
    expect(priorityLoads([level(100, 20), level(100, 20)], 140, 50).panic).toEqual([true, true]);
  });

  test("when all panic, load goes by the number of hosts; with panic off, nowhere", () => {
    expect(priorityLoads([level(30, 0), level(10, 0)], 140, 50).healthy).toEqual([75, 25]);
    expect(priorityLoads([level(30, 0), level(10, 0)], 140, 0).healthy).toEqual([0, 0]);
  });
});

test("failover: what the first priority cannot carry goes to the second", () => {
  const hosts = [...many(10), ...many(10, () => ({ priority: 1 }), "second")];
  for (const h of hosts.slice(0, 5)) h.health = "unhealthy";
  const counts = shares(levels(hosts), (h) => String(h.priority));
  expect(counts["0"]).toBeGreaterThan(67);
  expect(counts["0"]).toBeLessThan(73);
});

test("panic: below the threshold unhealthy hosts are used too; none when it is 0", () => {
  const hosts = many(4, (i) => ({ health: i === 0 ? "healthy" : "unhealthy" }));
  const panicking = levels(hosts);
  expect(Object.keys(shares(panicking, (h) => h.name))).toHaveLength(4);
  expect(panicking.panicked).toBe(true);
  expect(shares(levels(hosts, { panicThreshold: 0 }), (h) => h.name)).toEqual({ h0: expect.closeTo(100, 5) as number });
  for (const h of hosts) h.health = "unhealthy";
  expect(levels(hosts, { panicThreshold: 0 }).pick(new SeededRandom(1), 0, undefined, 0)).toBeUndefined();
});

test("localities take their weights, and less when few of their hosts are healthy", () => {
  const hosts = [
    ...many(2, () => ({ locality: "a", localityWeight: 1 }), "a"),
    ...many(10, () => ({ locality: "b", localityWeight: 3 }), "b"),
    host("c", { locality: "c", localityWeight: 0 }),
  ];
  const weighted = levels(hosts, { localityWeighted: true });
  expect(shares(weighted, (h) => h.locality)["a"]).toBeCloseTo(25, 6);
  // Half of a's hosts, overprovisioned: 70 % of its weight, so 0.7 of 3.7.
  (hosts[0] as Fake).health = "unhealthy";
  weighted.rebuild(hosts);
  expect(shares(weighted, (h) => h.locality)["a"]).toBeCloseTo((0.7 / 3.7) * 100, 0);
  expect(shares(levels(hosts), (h) => h.locality)["c"]).toBeGreaterThan(5);
});

test("round robin goes on where it was when health changes nothing for a group", () => {
  const hosts = many(3);
  const turning = levels(hosts);
  const random = new SeededRandom(1);
  const first = turning.pick(random, 0, undefined, 0)?.name;
  turning.rebuild(hosts);
  const rest = [1, 2].map(() => turning.pick(random, 0, undefined, 0)?.name);
  expect(new Set([first, ...rest]).size).toBe(3);
});

const consistent: readonly BalancerSpec[] = [
  { kind: "ring_hash", hash: "xx", minimumSize: 1024, maximumSize: 8_388_608, byHostname: false },
  { kind: "ring_hash", hash: "murmur2", minimumSize: 1024, maximumSize: 8_388_608, byHostname: false },
  { kind: "maglev", tableSize: 65_537, byHostname: false },
];

describe.each(consistent)("consistent hashing, $kind", (spec) => {
  const keys = Array.from({ length: 2000 }, (_, i) => xxHash64(`key-${i}`, new U64()));
  const place = (from: Levels<Fake>): (string | undefined)[] =>
    keys.map((key) => from.pick(new SeededRandom(1), 0, key, 0)?.name);

  test("a key stays with its host, and only a lost host's keys move", () => {
    const hosts = many(10);
    const ring = levels(hosts, { balancer: spec });
    const before = place(ring);
    expect(place(levels([...hosts].reverse(), { balancer: spec }))).toEqual(before);
    (hosts[3] as Fake).health = "unhealthy";
    ring.rebuild(hosts);
    const after = place(ring);
    expect(after).not.toContain("h3");
    const moved = after.filter((name, i) => before[i] !== "h3" && name !== before[i]).length;
    // Not none: the ring's scale, as Envoy rounds it, depends on the number of hosts.
    expect(moved).toBeLessThan(200);
  });

  test("weights are shares of the keys", () => {
    const placed = place(levels([host("a", { weight: 3 }), host("b"), host("c")], { balancer: spec }));
    const share = placed.filter((name) => name === "a").length / placed.length;
    expect(Math.abs(share - 0.6)).toBeLessThan(0.08);
  });

  test("locality weights count before those of hosts", () => {
    const hosts = [
      ...many(8, () => ({ locality: "a", localityWeight: 1 }), "a"),
      ...many(2, () => ({ locality: "b", localityWeight: 1 }), "b"),
    ];
    const placed = place(levels(hosts, { balancer: spec, localityWeighted: true }));
    const share = placed.filter((name) => name?.startsWith("a")).length / placed.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.08);
  });

  test("another draw finds another host sooner or later, and without a hash all are used", () => {
    const ring = levels(many(5), { balancer: spec });
    const key = keys[0] as U64;
    const found = new Set(Array.from({ length: 50 }, (_, i) => ring.pick(new SeededRandom(1), 0, key, i)?.name));
    expect(found.size).toBeGreaterThan(1);
    expect(Object.keys(shares(ring, (h) => h.name))).toHaveLength(5);
  });
});

test("least request with weights: by weight over requests in flight, raised to the bias", () => {
  const hosts = [host("strong", { weight: 4 }), host("weak")];
  const spec = (activeRequestBias: number): BalancerSpec => ({ kind: "least_request", choices: 2, activeRequestBias });
  expect(shares(levels(hosts, { balancer: spec(1) }), (h) => h.name)["strong"]).toBeCloseTo(80, 0);
  const busy = [host("strong", { weight: 4, active: 3 }), host("weak")];
  expect(shares(levels(busy, { balancer: spec(1) }), (h) => h.name)["strong"]).toBeCloseTo(50, 0);
  expect(shares(levels(busy, { balancer: spec(0) }), (h) => h.name)["strong"]).toBeCloseTo(80, 0);
});
