import fc from "fast-check";
import { HeaderList } from "../../../src/proxy/core/header-list";
import type { RouteCondition, RouteInput } from "../../../src/proxy/routing/conditions";
import { pathTest, type PathMatchSpec } from "../../../src/proxy/routing/matchers";
import { Route } from "../../../src/proxy/routing/route";
import { RouteIndex } from "../../../src/proxy/routing/route-index";

const action = { kind: "direct", status: 200, body: "" } as const;

function asking(pathname: string): RouteInput {
  return { method: "GET", authority: "a", scheme: "http", pathname, query: "", headers: new HeaderList() };
}

/** Few letters, so that paths share beginnings, are each other's beginnings, and differ by case and slashes. */
const path = fc.array(fc.constantFrom("/", "a", "b", "A", "ab", "/a", "/b/"), { maxLength: 6 }).map((p) => p.join(""));
const spec: fc.Arbitrary<PathMatchSpec> = fc.oneof(
  ...(["prefix", "path", "separatedPrefix"] as const).map((kind) =>
    fc.tuple(path, fc.boolean()).map(([text, caseSensitive]) => ({ [kind]: text, caseSensitive }) as PathMatchSpec),
  ),
  fc.constantFrom("/.*", "a+", "/a(/b)*", ".*[bB]", "").map((regex) => ({ regex })),
);

test("the index answers as a look at each route in order does, and asks the same conditions", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(spec, fc.boolean())), fc.array(path, { maxLength: 8 }), (specs, paths) => {
      const asked: number[] = [];
      const routes = specs.map(([match, holds], i) => {
        const condition: RouteCondition = { holds: () => (asked.push(i), holds) };
        return new Route(`${i}`, pathTest(match), [condition], action, undefined);
      });
      const index = RouteIndex.of(routes);
      for (const pathname of paths) {
        const input = asking(pathname);
        const linear = routes.find((route) => route.matches(input));
        const wanted = asked.splice(0);
        expect(index.find(input)).toBe(linear);
        expect(asked.splice(0)).toEqual(wanted);
      }
    }),
    { numRuns: 300 },
  );
});

test("a route added later comes after those that are there", () => {
  const route = (name: string, match: PathMatchSpec) => new Route(name, pathTest(match), [], action, undefined);
  const index = RouteIndex.of([route("long", { prefix: "/ab" }), route("short", { prefix: "/a" })]);
  index.add(route("exact", { path: "/abc" }));
  expect(index.find(asking("/abc"))?.name).toBe("long");
  expect(index.find(asking("/ac"))?.name).toBe("short");
  expect(index.find(asking("/b"))).toBeUndefined();
  expect(index.routes.map(({ name }) => name)).toEqual(["long", "short", "exact"]);
});
