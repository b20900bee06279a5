import { FilterBench, filter, type Json } from "../support/filter-bench";

const any = { any: true };
const rbac = (name: string, body: Json): Json => filter(name, "rbac.v3.RBAC", body);

test("each refused request leaves a line: who, what, which rule; and shadow rules say what they would have done", async () => {
  const bench = await FilterBench.start({
    filters: [
      rbac("watch", { shadow_rules: { action: "ALLOW", policies: {} }, shadow_rules_stat_prefix: "audit_" }),
      rbac("stop", {
        rules: {
          action: "DENY",
          policies: {
            "shop/no admin[0]": { permissions: [{ url_path: { path: { prefix: "/admin" } } }], principals: [any] },
            "a first": { permissions: [{ url_path: { path: { exact: "/admin/both" } } }], principals: [any] },
          },
        },
      }),
    ],
  });
  const headers = { "x-forwarded-for": "9.9.9.9", "x-request-id": 'i"\nd'.replace("\n", "") };
  expect((await bench.call({ path: "/free", headers })).status).toBe(200);
  expect((await bench.call({ method: "PUT", path: "/x/../admin?secret=1", headers })).status).toBe(403);
  expect((await bench.call({ path: "/admin/both" })).status).toBe(403);
  const common = { listener: "l", principal: "", client: "9.9.9.9", authority: "a.example", request_id: 'i"d' };
  expect(bench.audit).toMatchObject([
    { ...common, event: "would_deny", filter: "watch", action: "ALLOW", policy: "none", method: "GET", path: "/free" },
    { ...common, event: "would_deny", method: "PUT", path: "/admin" },
    { ...common, event: "denied", filter: "stop", action: "DENY", policy: "shop/no admin[0]", path: "/admin" },
    { event: "would_deny", client: "127.0.0.1" },
    { event: "denied", policy: "a first", path: "/admin/both", client: "127.0.0.1" },
  ]);
  expect(JSON.stringify(bench.audit)).not.toContain("secret");
  expect(bench.counters("rbac.")).toEqual({ allowed: 1, denied: 2, shadow_allowed: 0, shadow_denied: 0 });
  expect(bench.counters("rbac.audit_")).toEqual({ shadow_allowed: 0, shadow_denied: 3 });
  await bench.close();
});

test("a rule that cannot be compiled is refused with its path, never left out", async () => {
  const permissions = [
    { url_path: { path: { safe_regex: { regex: "(" } } } },
    { destination_ip: { address_prefix: "nowhere", prefix_len: 8 } },
  ];
  const errors = await FilterBench.errors({
    filters: [rbac("rbac", { rules: { action: "DENY", policies: { p: { permissions, principals: [any] } } } })],
  });
  expect(errors.map((e) => e.path.replace(/^.*typed_config\./, ""))).toEqual([
    'rules.policies["p"].permissions[0].url_path.path.safe_regex.regex',
    'rules.policies["p"].permissions[1].destination_ip',
  ]);
});
