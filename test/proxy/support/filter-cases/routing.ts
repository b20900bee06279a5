/** Filters and actions that a route changes. */
import type { FilterCase } from "./case";
import { ok, get, forward, fault, all } from "./words";

export const routing: FilterCase[] = [
  {
    title: "regex_rewrite changes the path and leaves the query",
    setup: {
      routes: [
        forward(
          { prefix: "/a" },
          {},
          { regex_rewrite: { pattern: { regex: "^/a/([^/]+)/(.*)$" }, substitution: "/\\2/at/\\1" } },
        ),
        forward({ prefix: "/e" }, {}, { regex_rewrite: { pattern: { regex: "x*$" }, substitution: "-" } }),
        forward({ safe_regex: { regex: "/r/.*" } }, {}, { prefix_rewrite: "/whole" }),
      ],
    },
    calls: [
      [
        get("/a/b/c?d=/a/b/c"),
        { status: 200, path: "/c/at/b?d=/a/b/c", sent: { "x-envoy-original-path": "/a/b/c?d=/a/b/c" } },
      ],
      [get("/a/b"), { status: 200, path: "/a/b" }],
      [get("/exx"), { status: 200, path: "/e-" }],
      [get("/ey"), { status: 200, path: "/ey-" }],
      [get("/r/s?t"), { status: 200, path: "/whole?t" }],
    ],
  },
  {
    title: "Host from a header, and of a share of the weights with headers of its own",
    setup: {
      routes: [
        forward({ prefix: "/h" }, {}, { host_rewrite_header: "x-host" }),
        {
          match: { prefix: "/w" },
          route: {
            weighted_clusters: {
              clusters: [
                {
                  name: "up",
                  weight: 100,
                  host_rewrite_literal: "share.example",
                  request_headers_to_add: [{ header: { key: "x-share", value: "1" } }],
                  response_headers_to_add: [{ header: { key: "x-of-share", value: "yes" } }],
                },
                { name: "other", weight: 0 },
              ],
            },
          },
          request_headers_to_add: [{ header: { key: "x-share", value: "route" } }],
        },
      ],
    },
    calls: [
      [get("/h", { "x-host": "b.example" }), { status: 200, sent: { host: "b.example" } }],
      [get("/h"), { status: 200, sent: { host: "a.example" } }],
      [
        get("/w"),
        { status: 200, sent: { host: "share.example", "x-share": "1, route" }, headers: { "x-of-share": "yes" } },
      ],
    ],
  },
  {
    title: "header values with operators; empty ones are left out",
    setup: {
      routes: [
        forward(
          { prefix: "/" },
          {
            request_headers_to_add: [
              { header: { key: "x-ip", value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" } },
              { header: { key: "x-of", value: "<%REQ(x-a)%|%PROTOCOL%>" } },
              { header: { key: "x-none", value: "%REQ(x-absent)%" } },
              { header: { key: "x-pct", value: "100%%" } },
            ],
            response_headers_to_add: [{ header: { key: "x-cluster", value: "%UPSTREAM_CLUSTER%" } }],
          },
        ),
      ],
    },
    calls: [
      [
        get("/", { "x-a": "A" }),
        {
          status: 200,
          sent: { "x-ip": "127.0.0.1", "x-of": "<A|HTTP/1.1>", "x-none": undefined, "x-pct": "100%" },
          headers: { "x-cluster": "up" },
        },
      ],
    ],
  },
  {
    title: "redirects by regex, and to https where a virtual host requires it",
    setup: {
      manager: { use_remote_address: false },
      host: { require_tls: "ALL" },
      routes: [
        {
          match: { prefix: "/old" },
          redirect: {
            regex_rewrite: { pattern: { regex: "^/old/(.*)$" }, substitution: "/new/\\1" },
            response_code: "FOUND",
          },
        },
        forward({ prefix: "/" }),
      ],
    },
    calls: [
      [get("/x?y"), { status: 301, headers: { location: "https://a.example/x?y" } }],
      [
        get("/old/x?y", { "x-forwarded-proto": "https" }),
        { status: 302, headers: { location: "https://a.example/new/x?y" } },
      ],
      [get("/x", { "x-forwarded-proto": "https" }), ok],
    ],
  },
  {
    title: "attempt counts, to the upstream and to the client",
    setup: { host: { include_request_attempt_count: true, include_attempt_count_in_response: true } },
    calls: [
      [get("/"), { status: 200, sent: { "x-envoy-attempt-count": "1" }, headers: { "x-envoy-attempt-count": "1" } }],
    ],
  },
  {
    title: "most specific header mutations last, when they are to win",
    setup: {
      table: {
        most_specific_header_mutations_wins: true,
        request_headers_to_add: [
          { header: { key: "x-m", value: "table" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
        ],
      },
      routes: [
        forward(
          { prefix: "/" },
          {
            request_headers_to_add: [
              { header: { key: "x-m", value: "route" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
            ],
          },
        ),
      ],
    },
    calls: [[get("/"), { status: 200, sent: { "x-m": "route" } }]],
  },
  {
    title: "trusted hops say who the client is, and inside addresses are marked",
    setup: {
      manager: {
        use_remote_address: true,
        xff_num_trusted_hops: 1,
        internal_address_config: { cidr_ranges: [{ address_prefix: "127.0.0.0", prefix_len: 8 }] },
      },
    },
    calls: [
      [
        get("/", { "x-forwarded-for": "9.9.9.9" }),
        { status: 200, sent: { "x-envoy-external-address": "9.9.9.9", "x-envoy-internal": undefined } },
      ],
      [get("/"), { status: 200, sent: { "x-envoy-external-address": undefined, "x-envoy-internal": "true" } }],
    ],
  },
  {
    title: "a stream that lasts too long is ended",
    setup: {
      filters: [fault({ delay: { fixed_delay: "5s", percentage: all } })],
      routes: [forward({ prefix: "/" }, {}, { max_stream_duration: { max_stream_duration: "0.05s" } })],
    },
    calls: [[get("/"), { status: 504, text: "downstream duration timeout" }]],
  },
];
