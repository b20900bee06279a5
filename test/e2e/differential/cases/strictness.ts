import { bytes, one, type Setup } from "../setup";
import { toCluster } from "./to-cluster";

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, "v"]));
const limits: Setup = {
  name: "limits",
  manager: { max_request_headers_kb: 2, common_http_protocol_options: { max_headers_count: 20 } },
  hosts: toCluster("limits"),
  cases: [
    one("few", "GET", "/", many(10)),
    one("too many", "GET", "/", many(30), { closes: true }),
    one("a long value", "GET", "/", { "x-long": "v".repeat(1500) }),
    one("too long a value", "GET", "/", { "x-long": "v".repeat(2500) }, { closes: true }),
    one("too long a target", "GET", `/${"p".repeat(2500)}`, {}, { closes: true }),
    one("a long response header", "GET", "/", {}, { answers: [{ headers: { "x-long": "v".repeat(5000) } }] }),
  ],
};

/** Bytes that a strict reader refuses; what a lax one makes of them is the difference. */
const strict: Setup = {
  name: "strictness",
  hosts: toCluster("strictness"),
  cases: [
    bytes("bare LF", "GET / HTTP/1.1\nHost: a\n{case}\n"),
    bytes("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n{case}\r\n"),
    bytes("a space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n{case}\r\n"),
    bytes("bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n{case}\r\n"),
    bytes("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\x002\r\n{case}\r\n"),
    bytes("a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\x012\r\n{case}\r\n"),
    bytes("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n{case}\r\n"),
    bytes("a name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\n\xe9: 1\r\n{case}\r\n"),
    bytes("a target beyond ASCII", "GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes(
      "content-length and chunked",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n{case}\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "content-length twice",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n{case}\r\n",
      { methods: ["POST"] },
    ),
    bytes("content-length as a list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n{case}\r\n", {
      methods: ["POST"],
    }),
    bytes("content-length with a sign", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n{case}\r\n", {
      methods: ["POST"],
    }),
    bytes(
      "content-length too large",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n{case}\r\n",
      { methods: ["POST"] },
    ),
    bytes("gzip and chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n{case}\r\n0\r\n\r\n", {
      methods: ["POST"],
    }),
    bytes("identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n{case}\r\n", { methods: ["POST"] }),
    bytes(
      "chunked twice",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n{case}\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes("a chunk size with 0x", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n0x0\r\n\r\n", {
      methods: ["POST"],
    }),
    bytes(
      "a chunk size after a space",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n 0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunk size before a space",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1 \r\nx\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes(
      "a chunk longer than it says",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1\r\nxy\r\n0\r\n\r\n",
      { methods: ["POST"] },
    ),
    bytes("a chunk ended by LF", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{case}\r\n1\nx\n0\n\n", {
      methods: ["POST"],
    }),
    bytes("a method that no registry knows", "BREW / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a version to come", "GET / HTTP/1.2\r\nHost: a\r\n{case}\r\n"),
    bytes("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    bytes("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("a space after the version", "GET / HTTP/1.1 \r\nHost: a\r\n{case}\r\n"),
    bytes("a tab between", "GET\t/ HTTP/1.1\r\nHost: a\r\n{case}\r\n"),
    bytes("no name", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n{case}\r\n"),
    bytes("no colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n{case}\r\n"),
    bytes("Connection names Host", "GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n{case}\r\n"),
    bytes(
      "Connection names a certificate",
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: x-forwarded-client-cert\r\n{case}\r\n",
    ),
    bytes("TLS at a plain port", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"),
  ],
};

const lengths: readonly (readonly [name: string, manager: object])[] = [
  ["timeout-head", { request_headers_timeout: "0.4s" }],
];
const slow = lengths.map(([name, manager]): Setup => ({
  name,
  manager,
  hosts: toCluster(name),
  cases: [
    {
      name: "the head never ends",
      steps: [{ send: "GET / HTTP/1.1\r\nHost: a\r\n" }, { sleep: 800 }],
      methods: ["GET"],
      closes: true,
      except: ["log"],
    },
    one("in time", "GET", "/"),
  ],
}));

export const strictness: readonly Setup[] = [limits, strict, ...slow];
