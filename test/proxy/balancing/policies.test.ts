import { balancer } from "../../../src/proxy/balancing";
import { LatencyAverage } from "../../../src/proxy/balancing/peak-ewma";
import type { Candidate } from "../../../src/proxy/balancing/policy";
import { U64 } from "../../../src/proxy/balancing/u64";
import { SeededRandom } from "../../../src/proxy/core/random";

const noHash = new U64();

interface Fake extends Candidate {
  active: number;
  name: string;
}
const host = (name: string, weight = 1, latency = 1): Fake => ({
  name,
  weight,
  active: 0,
  hashKey: name,
  latencyAt: () => latency,
});

function shares(kind: Parameters<typeof balancer>[0], hosts: Fake[], picks = 6000): Record<string, number> {
  const policy = balancer<Fake>(kind);
  const source = { hosts };
  const random = new SeededRandom(7);
  const counts: Record<string, number> = Object.fromEntries(hosts.map((h) => [h.name, 0]));
  for (let i = 0; i < picks; i++) {
    const { name } = policy.pick(source, random, 0, noHash, 0);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test("round robin: in turn; by weight exactly, and spread", () => {
  expect(shares({ kind: "round_robin" }, [host("a"), host("b"), host("c")])).toEqual({ a: 2000, b: 2000, c: 2000 });
  const hosts = [host("a", 3), host("b", 1)];
  expect(shares({ kind: "round_robin" }, hosts)).toEqual({ a: 4500, b: 1500 });
  const policy = balancer<Fake>({ kind: "round_robin" });
  const source = { hosts };
  const order = Array.from({ length: 8 }, () => policy.pick(source, new SeededRandom(1), 0, noHash, 0).name).join("");
  expect([order.replaceAll("b", ""), /aaaaa|bb/.test(order)]).toEqual(["aaaaaa", false]);
});

test("random ignores weights", () => {
  const { a = 0, b = 0 } = shares({ kind: "random" }, [host("a", 9), host("b", 1)]);
  expect(Math.abs(a - b)).toBeLessThan(400);
});

test("least request avoids the busy host, and counts in flight by weight", () => {
  const busy = host("busy");
  busy.active = 10;
  const counts = shares({ kind: "least_request", choices: 2, activeRequestBias: 1 }, [busy, host("a"), host("b")]);
  // Only when both draws are the busy host does it win: one in nine.
  expect(counts["busy"]).toBeLessThan(6000 / 9 + 120);
  const strong = host("strong", 100);
  strong.active = 50;
  const weak = host("weak", 1);
  weak.active = 1;
  const weighted = shares({ kind: "least_request", choices: 2, activeRequestBias: 1 }, [strong, weak]);
  expect(weighted["strong"]).toBeGreaterThan(4000);
});

test("peak EWMA prefers the faster of two, in flight counted in", () => {
  const [slow, fast] = [host("slow", 1, 100), host("fast", 1, 10)];
  expect(shares({ kind: "peak_ewma", decayMs: 1 }, [slow, fast])).toEqual({ slow: 0, fast: 6000 });
  fast.active = 20;
  expect(shares({ kind: "peak_ewma", decayMs: 1 }, [slow, fast])).toEqual({ slow: 6000, fast: 0 });
});

test("a latency average jumps up at once and comes down with time", () => {
  const average = new LatencyAverage(1000, 10, 0);
  average.observe(500, 0);
  expect(average.at(0)).toBe(500);
  average.observe(10, 0);
  expect(average.at(0)).toBe(500);
  average.observe(10, 1000);
  expect(average.at(1000)).toBeCloseTo(500 / Math.E + 10 * (1 - 1 / Math.E), 6);
  expect(average.at(60_000)).toBeLessThan(1e-9);
});
