import { isDeepStrictEqual } from "node:util";
import { put, type Outcome, type Way } from "./istiod/ask";
import { differing, refused } from "./istiod/bundled";
import type { Ask, Case } from "./istiod/case";
import { changeCases } from "./istiod/cases/changes";
import { matchCases } from "./istiod/cases/matches";
import { trafficCases } from "./istiod/cases/traffic";
import { meshOf, selfOf } from "./istiod/mesh";
import { BundledSide, EnvoySide, IstioSide, refusals } from "./istiod/sides";
import { Upstreams } from "./istiod/upstream";
import { describePart } from "./support/parts";

const cases: readonly Case[] = [...matchCases, ...changeCases, ...trafficCases];
const served = cases.filter(({ name }) => !refused.has(name));
const chance = (each: Case): boolean => each.sample !== undefined;

/** Shares of chance differ by less than this between the sides: more than four standard deviations of a difference. */
const SHARE = 0.17;

describePart(
  "one model by Istio, by Envoy and by the bundled proxy",
  ["etcd", "kubeApiserver", "istioCrds", "istiod", "envoy"],
  (paths) => {
    let upstreams: Upstreams;
    let istio: IstioSide;
    let envoy: EnvoySide;
    let bundled: BundledSide;
    beforeAll(async () => {
      upstreams = await Upstreams.start(["v1", "v2"]);
      bundled = await BundledSide.start(meshOf(cases, served), upstreams);
      envoy = await EnvoySide.start(paths, meshOf(cases), upstreams);
      istio = await IstioSide.start(paths, meshOf(cases), upstreams);
    });
    afterAll(async () => {
      await istio?.stop();
      await envoy?.stop();
      bundled?.stop();
      upstreams?.close();
    });

    /** Istio first: the others must be as it is. */
    const ways = (each: Case): Way[] => [
      istio.way,
      envoy.way,
      ...(refused.has(each.name) || differing.has(each.name) ? [] : [bundled.way]),
    ];
    const gave = ({ status, upstream }: Outcome): string | number =>
      status === 200 && upstream.length > 0 ? (upstream[0]?.version ?? "") : status;
    const asked = (each: Case, ask: Ask, settle: boolean): Promise<Outcome[]> =>
      Promise.all(ways(each).map((way) => put(way, upstreams, selfOf(cases, each), ask, settle)));

    it("covers the routes in sixty cases or more", () => {
      expect(cases.length).toBeGreaterThanOrEqual(60);
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    });

    it.each(cases.filter((each) => !chance(each)))("$name", async (each) => {
      for (const ask of each.asks) {
        const [model, ...others] = await asked(each, ask, true);
        if (model === undefined) throw new Error("nobody was asked");
        if (ask.gives !== undefined) expect({ ask, gave: gave(model) }).toEqual({ ask, gave: ask.gives });
        expect({ ask, slow: model.slow }).toEqual({ ask, slow: true });
        for (const [index, other] of others.entries())
          expect({ ask, by: ways(each)[index + 1]?.name, ...other }).toEqual({
            ask,
            by: ways(each)[index + 1]?.name,
            ...model,
          });
      }
    });

    it.each(cases.filter(chance))("$name, in shares", async (each) => {
      const counts = ways(each).map(() => new Map<string | number, number>());
      const total = each.sample ?? 0;
      for (let n = 0; n < total; n += 1)
        for (const ask of each.asks)
          for (const [side, outcome] of (await asked(each, ask, false)).entries()) {
            const what = gave(outcome);
            counts[side]?.set(what, (counts[side]?.get(what) ?? 0) + 1);
          }
      const [model = new Map<string | number, number>(), ...others] = counts;
      expect(model.size).toBeGreaterThan(1);
      for (const other of others) {
        expect([...other.keys()].sort()).toEqual([...model.keys()].sort());
        for (const [what, seen] of model) expect(Math.abs(seen - (other.get(what) ?? 0)) / total).toBeLessThan(SHARE);
      }
    });

    it("the bundled proxy refuses what is listed as not served yet, for the reason listed", async () => {
      for (const each of cases.filter(({ name }) => refused.has(name)))
        expect([each.name, (await refusals(meshOf(cases, [each]), upstreams.addresses)).join("\n")]).toEqual([
          each.name,
          expect.stringMatching(refused.get(each.name) as RegExp),
        ]);
    });

    it("the bundled proxy differs where it is listed, and only known cases are listed", async () => {
      for (const each of cases.filter(({ name }) => differing.has(name))) {
        const self = selfOf(cases, each);
        const alike: boolean[] = [];
        for (const ask of each.asks) {
          const [model, other] = await Promise.all(
            [istio.way, bundled.way].map((way) => put(way, upstreams, self, ask)),
          );
          alike.push(isDeepStrictEqual(model, other));
        }
        expect([each.name, alike]).toEqual([each.name, expect.arrayContaining([false])]);
      }
      const names = new Set(cases.map(({ name }) => name));
      expect([...refused.keys(), ...differing.keys()].filter((name) => !names.has(name))).toEqual([]);
    });
  },
);
