import { HeaderList } from "../../../src/proxy/core/header-list";
import { HeaderCondition, QueryCondition, type RouteInput } from "../../../src/proxy/routing/conditions";
import { pathTest, RegexTest, stringTest } from "../../../src/proxy/routing/matchers";
import { Route } from "../../../src/proxy/routing/route";
import { RouteIndex } from "../../../src/proxy/routing/route-index";
import { RouteTable } from "../../../src/proxy/routing/table";

function input(over: Partial<RouteInput> = {}, headers: Record<string, string> = {}): RouteInput {
  const list = new HeaderList();
  for (const [name, value] of Object.entries(headers)) list.append(name, value);
  return { method: "GET", authority: "a", scheme: "http", pathname: "/", query: "", headers: list, ...over };
}

test("virtual hosts: exact, longest suffix, longest prefix, any; case does not count, ports do", () => {
  const hosts = [["*"], ["a.example"], ["*.example"], ["*.b.example"], ["www.*"], ["www.x.*"], ["a.example:81"]].map(
    (domains) => ({ name: domains[0] as string, domains, routes: new RouteIndex() }),
  );
  const table = new RouteTable("t", hosts);
  const found = (authority: string): string | undefined => table.virtualHost(authority)?.name;
  expect(found("A.Example")).toBe("a.example");
  expect(found("c.b.example")).toBe("*.b.example");
  expect(found("c.example")).toBe("*.example");
  expect(found("www.x.org")).toBe("www.x.*");
  expect(found("www.y.org")).toBe("www.*");
  expect(found("a.example:81")).toBe("a.example:81");
  expect(found("a.example:82")).toBe("*");
  expect(new RouteTable("t", hosts, true).virtualHost("a.example:82")?.name).toBe("a.example");
  expect(found(".example")).toBe("*");
});

test.each<[Parameters<typeof pathTest>[0], string[], string[]]>([
  [{ prefix: "/v1" }, ["/v1", "/v1/x", "/v10"], ["/v", "/V1"]],
  [{ prefix: "/v1", caseSensitive: false }, ["/V1/x"], ["/v2"]],
  [{ separatedPrefix: "/v1" }, ["/v1", "/v1/", "/v1/x"], ["/v10", "/v"]],
  [{ path: "/v1" }, ["/v1"], ["/v1/", "/v10"]],
  [{ regex: "/v[0-9]+" }, ["/v1", "/v10"], ["/v1/x", "x/v1"]],
])("path %j", (spec, yes, no) => {
  const test = pathTest(spec);
  for (const path of yes) expect([path, test.matches(path)]).toEqual([path, true]);
  for (const path of no) expect([path, test.matches(path)]).toEqual([path, false]);
});

test("a regular expression never stalls, and a large program is refused", () => {
  const regex = new RegexTest("(a|aa)+");
  expect(regex.test("a".repeat(50_000) + "b")).toBe(false);
  expect(() => new RegexTest("(a{1,30}){1,30}")).toThrow("max program size");
  expect(() => new RegexTest("(")).toThrow();
});

test("header conditions: each of repeats by itself, a missing one matches nothing even inverted, `:method` is a header", () => {
  const is = (value: string, invert = false, empty = false) =>
    new HeaderCondition("x", stringTest({ exact: value }), invert, empty);
  const two = input();
  two.headers.append("x", "1");
  two.headers.append("x", "2");
  expect(is("1,2").holds(two)).toBe(false);
  expect(is("2").holds(two)).toBe(true);
  expect(is("2", true).holds(two)).toBe(false);
  expect(is("3", true).holds(two)).toBe(true);
  expect(is("1", true).holds(input())).toBe(false);
  expect(is("", false, true).holds(input())).toBe(true);
  const present = (invert: boolean, absent = false) => new HeaderCondition("x", undefined, invert, false, absent);
  expect([present(false).holds(two), present(true).holds(two), present(false, true).holds(two)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([present(false).holds(input()), present(true).holds(input())]).toEqual([false, true]);
  expect(new HeaderCondition(":method", stringTest({ exact: "GET" }), false, false).holds(input())).toBe(true);
  const range = new HeaderCondition("x", { start: -1, end: 5 }, false, false);
  expect(["-1", "4", "5", "4x"].map((x) => range.holds(input({}, { x })))).toEqual([true, true, false, false]);
});

test("query conditions look at the first value of the whole name", () => {
  const is = new QueryCondition("a", stringTest({ exact: "1" }));
  expect(["a=1", "b&a=1&a=2", "aa=1", "a=2&a=1", "a"].map((query) => is.holds(input({ query })))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(new QueryCondition("a", undefined).holds(input({ query: "x&a" }))).toBe(true);
});

test("the first route whose path and conditions hold is taken", () => {
  const direct = (status: number) => ({ kind: "direct" as const, status, body: "" });
  const wants = new HeaderCondition("x", undefined, false, false);
  const routes = [
    new Route("conditional", pathTest({ prefix: "/" }), [wants], direct(200), undefined),
    new Route("rest", pathTest({ prefix: "/" }), [], direct(404), undefined),
  ];
  const table = new RouteTable("t", [{ name: "v", domains: ["*"], routes: RouteIndex.of(routes) }]);
  expect(table.route(input({}, { x: "" }))?.name).toBe("conditional");
  expect(table.route(input())?.name).toBe("rest");
});
