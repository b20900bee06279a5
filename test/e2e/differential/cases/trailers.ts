import { one, request, type Setup } from "../setup";

/** Fields behind a chunked body: forwarded where both sides are told to, dropped otherwise. */
const upstreamTrailers = {
  typed_extension_protocol_options: {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
      "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      explicit_http_config: { http_protocol_options: { enable_trailers: true } },
    },
  },
};
const body = "Transfer-Encoding: chunked\r\n{case}\r\n3\r\nabc\r\n0\r\n";
const trailing = (name: string, down: boolean, up: boolean): Setup => ({
  name,
  ...(down && { manager: { http_protocol_options: { enable_trailers: true } } }),
  clusters: { [name]: { to: ["u0"], ...(up && upstreamTrailers) } },
  hosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        {
          match: { prefix: "/retry" },
          route: { cluster: name, retry_policy: { retry_on: "5xx", num_retries: 1 } },
        },
        { match: { prefix: "/" }, route: { cluster: name } },
      ],
    },
  ],
  cases: [
    {
      name: "of a request",
      steps: [{ send: `POST / HTTP/1.1\r\nHost: a\r\n${body}X-T: 1\r\nX-U: 2\r\n\r\n` }],
      methods: ["POST"],
    },
    {
      name: "of a request, announced",
      steps: [{ send: `POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTrailer: X-T\r\n${body}X-T: 1\r\n\r\n` }],
      methods: ["POST"],
    },
    {
      name: "of a request that is sent twice",
      steps: [{ send: `POST /retry HTTP/1.1\r\nHost: a\r\n${body}X-T: 1\r\n\r\n` }],
      methods: ["POST"],
      answers: [{ status: 503 }, { body: "again" }],
    },
    {
      name: "that may not be",
      steps: [{ send: `POST / HTTP/1.1\r\nHost: a\r\n${body}Host: b\r\nAuthorization: c\r\nX-T: 1\r\n\r\n` }],
      methods: ["POST"],
    },
    one("of a response", "GET", "/", {}, { answers: [{ chunked: true, trailers: { "x-t": "1", "x-u": "2" } }] }),
    one(
      "of a response, wanted",
      "GET",
      "/",
      { TE: "trailers" },
      {
        answers: [{ chunked: true, headers: { trailer: "x-t" }, trailers: { "x-t": "1" } }],
      },
    ),
    one(
      "of an answer that is tried again",
      "GET",
      "/retry",
      {},
      {
        answers: [
          { status: 503, chunked: true, trailers: { "x-t": "1" } },
          { chunked: true, trailers: { "x-t": "2" } },
        ],
      },
    ),
    {
      name: "of two responses on one connection",
      steps: [{ send: request("GET", "/1") + request("GET", "/2") }],
      methods: ["GET", "GET"],
      answers: [{ chunked: true, trailers: { "x-t": "1" } }, { chunked: true }],
    },
    one("of a response to HEAD", "HEAD", "/", {}, { answers: [{ chunked: true, trailers: { "x-t": "1" } }] }),
  ],
});

export const trailers: readonly Setup[] = [
  trailing("trailers", true, true),
  trailing("trailers-down", true, false),
  trailing("trailers-up", false, true),
];
