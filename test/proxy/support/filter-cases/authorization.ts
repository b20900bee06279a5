/** Who may do what: RBAC. */
import { filter, typed } from "../filter-bench";
import type { FilterCase } from "./case";
import { ok, denied, rules, rbac, any, path, header, deny, allow, get, forward } from "./words";

export const authorization: FilterCase[] = [
  {
    title: "RBAC judges the path that is forwarded, without its query",
    setup: deny(path({ prefix: "/admin" })),
    calls: [
      [get("/admin"), denied],
      [get("/x/../admin/y"), denied],
      [get("/%61dmin"), denied],
      [get("/x?/admin"), ok],
      [get("/Admin"), ok],
      [get("//admin"), ok],
      [get("/adm"), ok],
    ],
  },
  {
    title: "ALLOW without a match refuses, by exact path and method",
    setup: allow({ and_rules: { rules: [path({ exact: "/in" }), header(":method", { exact: "GET" })] } }),
    calls: [
      [get("/in?q=1"), ok],
      [{ method: "POST", path: "/in" }, denied],
      [get("/in/"), denied],
      [{ method: "POST", path: "/in", body: "abc" }, denied],
    ],
  },
  {
    title: "each of repeated headers is judged by itself, and an absent one matches nothing",
    setup: deny(header("x-role", { exact: "b" })),
    calls: [
      [get("/", { "x-role": ["a", "b"] }), denied],
      [get("/", { "x-role": ["b", "a"] }), denied],
      [get("/", { "x-role": "a,b" }), ok],
      [get("/", { "x-role": "b" }), denied],
      [get("/", { "x-role": ["", ""] }), ok],
      [get("/"), ok],
    ],
  },
  {
    title: "an inverted matcher refuses when no value is the one; forwarded addresses are judged joined",
    setup: deny({
      or_rules: {
        rules: [
          header("x-role", { exact: "a" }, { invert_match: true }),
          header("x-forwarded-for", { exact: "1.1.1.1,2.2.2.2" }),
        ],
      },
    }),
    calls: [
      [get("/", { "x-role": ["b", "a"] }), ok],
      [get("/", { "x-role": ["b", "c"] }), denied],
      [get("/", { "x-forwarded-for": ["1.1.1.1", "2.2.2.2"] }), denied],
      [get("/", { "x-forwarded-for": ["1.1.1.1"] }), ok],
    ],
  },
  {
    title: "an inverted header matcher does not hold for an absent header, unless that counts as empty",
    setup: deny({
      or_rules: {
        rules: [
          header("x-a", { exact: "1" }, { invert_match: true }),
          header("x-b", { exact: "1" }, { invert_match: true, treat_missing_header_as_empty: true }),
        ],
      },
    }),
    calls: [
      [get("/", { "x-b": "1" }), ok],
      [get("/", { "x-a": "2", "x-b": "1" }), denied],
      [get("/"), denied],
    ],
  },
  {
    title: "addresses of the connection and of the client behind proxies",
    setup: allow(any, {
      or_ids: {
        ids: [
          { and_ids: { ids: [{ remote_ip: { address_prefix: "10.1.0.0", prefix_len: 16 } }, any] } },
          { not_id: { direct_remote_ip: { address_prefix: "127.0.0.0", prefix_len: 8 } } },
        ],
      },
    }),
    calls: [
      [get("/", { "x-forwarded-for": "10.1.2.3" }), ok],
      [get("/", { "x-forwarded-for": "10.1.2.3, 10.2.0.1" }), denied],
      [get("/", { "x-forwarded-for": "10.2.0.1, 10.1.2.3" }), ok],
      [get("/"), denied],
    ],
  },
  {
    title: "shadow rules refuse nothing, DENY goes before ALLOW",
    setup: {
      filters: [
        rbac({ shadow_rules: rules("ALLOW", {}), shadow_rules_stat_prefix: "audit_" }),
        filter("two", "rbac.v3.RBAC", {
          rules: rules("DENY", { p: { permissions: [path({ suffix: ".bak" })], principals: [any] } }),
        }),
      ],
    },
    calls: [
      [get("/a"), ok],
      [get("/a.bak"), denied],
    ],
  },
  {
    title: "a route's own rules replace the filter's, or switch it off",
    setup: {
      filters: [rbac({ rules: rules("ALLOW", {}) })],
      host: {
        typed_per_filter_config: {
          rbac: typed("rbac.v3.RBACPerRoute", {
            rbac: { rules: rules("DENY", { p: { permissions: [any], principals: [any] } }) },
          }),
        },
      },
      routes: [
        forward({ path: "/off" }, { typed_per_filter_config: { rbac: typed("rbac.v3.RBACPerRoute") } }),
        forward({ path: "/host" }),
      ],
    },
    calls: [
      [get("/off"), ok],
      [get("/host"), denied],
      // No route: the filter as it is, before the 404.
      [get("/none"), denied],
    ],
  },
  {
    title: "metadata of the route, and of no filter",
    setup: {
      filters: [
        rbac({
          rules: rules("ALLOW", {
            p: {
              permissions: [any],
              principals: [
                {
                  sourced_metadata: {
                    metadata_source: "ROUTE",
                    metadata_matcher: {
                      filter: "team",
                      path: [{ key: "names" }],
                      value: { list_match: { one_of: { string_match: { exact: "a" } } } },
                    },
                  },
                },
              ],
            },
          }),
        }),
      ],
      routes: [
        forward({ path: "/a" }, { metadata: { filter_metadata: { team: { names: ["b", "a"] } } } }),
        forward({ path: "/b" }, { metadata: { filter_metadata: { team: { names: "a" } } } }),
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/a"), ok],
      [get("/b"), denied],
      [get("/c"), denied],
    ],
  },
];
