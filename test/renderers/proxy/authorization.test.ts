import { at, bootstrapOf, manager, modelOf } from "./support";

type Json = Record<string, unknown>;

const rbac = (...authorization: Json[]): Json[] => {
  const filters = at(
    manager(bootstrapOf(modelOf({ policies: { authorization } }), "web-v1")),
    "http_filters",
  ) as Json[];
  return filters.filter((f) => f.name === "envoy.filters.http.rbac").map((f) => at(f, "typed_config", "rules") as Json);
};
const policy = (action: string, rules: Json[]): Json => ({
  name: action.toLowerCase(),
  target: { service: "web" },
  action,
  rules,
});

test("no policy, no filter", () => {
  expect(rbac()).toEqual([]);
});

test("a service stands for the identities of its workloads", () => {
  const [rules] = rbac(
    policy("ALLOW", [{ from: [{ service: "web" }], to: [{ methods: ["POST"], paths: ["/cart/*"] }] }]),
  );
  expect(rules).toEqual({
    action: "ALLOW",
    policies: {
      "shop/allow[0]": {
        permissions: [
          {
            and_rules: {
              rules: [
                { header: { name: ":method", string_match: { exact: "POST" } } },
                { url_path: { path: { prefix: "/cart/" } } },
              ],
            },
          },
        ],
        principals: [{ authenticated: { principal_name: { exact: "spiffe://example.org/ns/shop/sa/web" } } }],
      },
    },
  });
});

test("DENY is judged before ALLOW", () => {
  const found = rbac(policy("ALLOW", [{}]), policy("DENY", [{ to: [{ paths: ["/admin"] }] }]));
  expect(found.map((rules) => rules.action)).toEqual(["DENY", "ALLOW"]);
});

test("ALLOW without rules allows nothing", () => {
  expect(rbac(policy("ALLOW", []))).toEqual([{ action: "ALLOW", policies: {} }]);
});

test("an operation on another port leaves nothing of its rule", () => {
  expect(rbac(policy("ALLOW", [{ to: [{ ports: [9999] }] }]))).toEqual([{ action: "ALLOW", policies: {} }]);
});
