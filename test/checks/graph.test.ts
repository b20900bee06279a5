import fc from "fast-check";
import { cycles, heaviestPaths } from "../../src/checks/graph";

const graph = (edges: Readonly<Record<string, readonly string[]>>) => (node: string) => edges[node] ?? [];

describe("cycles", () => {
  it("finds rings and self-calls, in calling order", () => {
    const found = cycles(["a", "b", "c", "d", "e"], graph({ a: ["b"], b: ["c"], c: ["a", "d"], d: [], e: ["e"] }));
    expect(found).toEqual([["a", "b", "c"], ["e"]]);
  });
  it("says nothing of a diamond", () => {
    expect(cycles(["a", "b", "c", "d"], graph({ a: ["b", "c"], b: ["d"], c: ["d"] }))).toEqual([]);
  });
  it("goes as deep as the graph is", () => {
    const nodes = Array.from({ length: 50_000 }, (_, i) => i);
    const ring = cycles(nodes, (i) => [(i + 1) % nodes.length]);
    expect(ring[0]).toHaveLength(nodes.length);
  });
  it("agrees with plain reachability", () => {
    const edge = fc.tuple(fc.nat(6), fc.nat(6));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 14 }), (edges) => {
        const nodes = [0, 1, 2, 3, 4, 5, 6];
        const next = (n: number) => edges.filter(([from]) => from === n).map(([, to]) => to);
        const reach = (from: number) => {
          const seen = new Set<number>();
          const todo = [...next(from)];
          for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
            if (seen.has(n)) continue;
            seen.add(n);
            todo.push(...next(n));
          }
          return seen;
        };
        const inCycles = new Set(cycles(nodes, next).flat());
        for (const node of nodes) expect(inCycles.has(node)).toBe(reach(node).has(node));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("heaviestPaths", () => {
  const weights: Record<string, number> = { a: 2, b: 3, c: 5, d: 7 };
  it("multiplies along the heaviest way", () => {
    const [leaf] = heaviestPaths(
      ["a", "b", "c", "d"],
      graph({ a: ["b", "c"], b: ["d"], c: ["d"] }),
      (n) => weights[n] ?? 1,
    );
    expect(leaf).toMatchObject({ node: "d", weight: 70 });
    expect(leaf?.path(9)).toEqual(["a", "c", "d"]);
    expect(leaf?.path(2)).toEqual(["c", "d"]);
  });
  it("stays finite in a cycle", () => {
    const found = heaviestPaths(["a", "b"], graph({ a: ["b"], b: ["a"] }), () => 2);
    expect(found.every((leaf) => Number.isFinite(leaf.weight))).toBe(true);
  });
});
