import { FilterBench } from "../support/filter-bench";
import { filterCases, outcome } from "../support/filter-cases";

describe("filters and routes served from Envoy's configuration", () => {
  for (const { title, setup, calls } of filterCases)
    test(title, async () => {
      const bench = await FilterBench.start(setup);
      try {
        for (const [request, expected] of calls)
          expect([request, outcome(await bench.call(request), expected)]).toEqual([request, expected]);
        expect(bench.timers).toBe(0);
      } finally {
        await bench.close();
      }
    });
});
