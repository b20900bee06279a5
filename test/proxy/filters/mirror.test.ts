import { eventually } from "../support/client";
import { FilterBench, type Json } from "../support/filter-bench";

const mirrored = (...policies: Json[]): Json[] => [
  { match: { prefix: "/" }, route: { cluster: "up", prefix_rewrite: "/r/", request_mirror_policies: policies } },
];
const share = (numerator: number): Json => ({ default_value: { numerator, denominator: "HUNDRED" } });

test("a copy goes to the other cluster, body included, and its fate changes nothing", async () => {
  const bench = await FilterBench.start({
    routes: mirrored(
      { cluster: "other", runtime_fraction: share(100) },
      { cluster: "other", runtime_fraction: share(0) },
    ),
  });
  const chunked = { method: "POST", path: "/a?b", headers: { "transfer-encoding": "chunked" }, body: "to both" };
  expect((await bench.call(chunked)).seen).toMatchObject({ upstream: "up", path: "/r/a?b", body: "to both" });
  expect((await bench.call({ path: "/plain", headers: { host: "a.example:81" } })).seen?.headers.host).toBe(
    "a.example:81",
  );
  await eventually(() => bench.other.seen.length === 2);
  expect(bench.other.seen).toMatchObject([
    { method: "POST", path: "/r/a?b", body: "to both", headers: { host: "a.example-shadow" } },
    { method: "GET", path: "/r/plain", headers: { host: "a.example-shadow:81" } },
  ]);
  await eventually(() => bench.timers === 0);
  await bench.other.close();
  expect((await bench.call({ path: "/" })).status).toBe(200);
  await bench.close();
});
