import { at, modelOf, routes, to, withRules } from "./support";

const matchOf = (match: Record<string, unknown>): unknown =>
  at(routes(withRules({ matches: [match], backends: [to("v1")] })), 0, "match");
const actionOf = (rule: Record<string, unknown>): unknown =>
  at(routes(withRules({ matches: [{ path: { prefix: "/v1" } }], backends: [to("v1")], ...rule })), 0, "route");

describe("matches", () => {
  test("a prefix ends on a segment boundary, with or without a slash at its end", () => {
    expect(matchOf({ path: { prefix: "/v1" } })).toEqual({ path_separated_prefix: "/v1" });
    expect(matchOf({ path: { prefix: "/v1/" } })).toEqual({ path_separated_prefix: "/v1" });
  });
  test("the root prefix is everything, which Envoy takes as a plain prefix only", () => {
    expect(matchOf({ path: { prefix: "/" } })).toEqual({ prefix: "/" });
  });
  test("exact and regular expression", () => {
    expect(matchOf({ path: { exact: "/a" } })).toEqual({ path: "/a" });
    expect(matchOf({ path: { regex: "/a.*" } })).toEqual({ safe_regex: { regex: "/a.*" } });
  });
  test("one method is compared, several are a pattern", () => {
    expect(at(matchOf({ methods: ["GET"] }), "headers", 0)).toEqual({
      name: ":method",
      string_match: { exact: "GET" },
    });
    expect(at(matchOf({ methods: ["GET", "PUT"] }), "headers", 0, "string_match", "safe_regex", "regex")).toBe(
      "GET|PUT",
    );
  });
  test("a rule without matches takes everything", () => {
    expect(at(routes(withRules({ backends: [to("v1")] })), 0, "match")).toEqual({ prefix: "/" });
  });
});

describe("destinations", () => {
  test("one backend is a cluster, several are weighted", () => {
    expect(at(actionOf({}), "cluster")).toBe("outbound|80|v1|web.shop");
    expect(at(actionOf({ backends: [to("v1", 90), to("v2", 10)] }), "weighted_clusters", "clusters")).toEqual([
      { name: "outbound|80|v1|web.shop", weight: 90 },
      { name: "outbound|80|v2|web.shop", weight: 10 },
    ]);
  });
  test("a weight of 0 stays, so that moving it is a change of one number", () => {
    expect(at(actionOf({ backends: [to("v1", 100), to("v2", 0)] }), "weighted_clusters", "clusters", 1)).toEqual({
      name: "outbound|80|v2|web.shop",
      weight: 0,
    });
  });
  test("a service without routes is called in any of its versions", () => {
    expect(at(routes(modelOf()), 0)).toEqual({
      name: "default",
      match: { prefix: "/" },
      route: { cluster: "outbound|80||web.shop", timeout: "0s" },
    });
  });
  test("where versions differ in TLS, the default is one cluster a version, weighted by replicas", () => {
    const model = modelOf({
      policies: { mtls: [{ name: "plain", selector: { version: "v2" }, mode: "DISABLE" }] },
    });
    expect(at(routes(model), 0, "route", "weighted_clusters", "clusters")).toEqual([
      { name: "outbound|80|v1|web.shop", weight: 2 },
      { name: "outbound|80|v2|web.shop", weight: 1 },
    ]);
  });
});

describe("timeouts and retries", () => {
  test("no timeout is written, because Envoy's default is 15 seconds", () => {
    expect(at(actionOf({}), "timeout")).toBe("0s");
    expect(at(actionOf({ timeout: "1500ms" }), "timeout")).toBe("1.5s");
  });
  test("nothing is retried unasked", () => {
    expect(at(actionOf({}), "retry_policy")).toBeUndefined();
  });
  test("a retry goes to another host", () => {
    const policy = at(
      actionOf({ retries: { attempts: 2, perTryTimeout: "1s", on: ["5xx", "connect-failure"] } }),
      "retry_policy",
    );
    expect(policy).toMatchObject({ retry_on: "5xx,connect-failure", num_retries: 2, per_try_timeout: "1s" });
    expect(at(policy, "retry_host_predicate", 0, "name")).toBe("envoy.retry_host_predicates.previous_hosts");
  });
});

describe("rewrites keep one slash between segments", () => {
  const rewriteOf = (from: string, prefix: string): unknown =>
    at(
      routes(
        withRules({
          matches: [{ path: { prefix: from } }],
          backends: [to("v1")],
          filters: { rewrite: { prefix } },
        }),
      ),
      0,
      "route",
    );
  test("between two prefixes Envoy's own rewrite does", () => {
    expect(rewriteOf("/v1", "/new")).toMatchObject({ prefix_rewrite: "/new" });
  });
  test("to the root and from the root go by pattern", () => {
    expect(at(rewriteOf("/v1", "/"), "regex_rewrite")).toEqual({ pattern: { regex: "^/v1/*" }, substitution: "/" });
    expect(at(rewriteOf("/", "/new"), "regex_rewrite")).toEqual({ pattern: { regex: "^/*" }, substitution: "/new/" });
  });
});
