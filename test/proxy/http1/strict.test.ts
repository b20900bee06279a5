import { bytes, requests, responses } from "./events";

const host = "Host: a\r\n";
const post = `POST / HTTP/1.1\r\n${host}`;

describe("requests that RFC 9112 does not allow are refused, never repaired", () => {
  test.each<[string, string, string]>([
    ["a bare LF ends a line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "bare_line_feed"],
    ["a bare LF ends the head", `GET / HTTP/1.1\r\n${host}\n`, "bare_line_feed"],
    ["a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", "bare_carriage_return"],
    ["NUL in a value", "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", "invalid_header_value"],
    ["DEL in a value", "GET / HTTP/1.1\r\nX: \x7f\r\n\r\n", "invalid_header_value"],
    ["whitespace before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "invalid_header_name"],
    ["an empty name", "GET / HTTP/1.1\r\n: a\r\n\r\n", "invalid_header_name"],
    ["a name with a space", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n", "invalid_header_name"],
    ["a name beyond ASCII", "GET / HTTP/1.1\r\nH\xf6st: a\r\n\r\n", "invalid_header_name"],
    ["a line without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", "invalid_header_name"],
    ["a folded line", `GET / HTTP/1.1\r\n${host} b\r\n\r\n`, "line_folding"],
    ["a field before any name, folded", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", "line_folding"],
    ["two spaces before the target", "GET  / HTTP/1.1\r\n\r\n", "invalid_target"],
    ["a space in the target", "GET /a b HTTP/1.1\r\n\r\n", "invalid_target"],
    ["a fragment in the target", "GET /#f HTTP/1.1\r\n\r\n", "invalid_target"],
    ["raw UTF-8 in the target", "GET /\xc3\xbc HTTP/1.1\r\n\r\n", "invalid_target"],
    ["a target with a tab", "GET /\t HTTP/1.1\r\n\r\n", "invalid_target"],
    ["no target", "GET HTTP/1.1\r\n\r\n", "invalid_request_line"],
    ["HTTP/0.9", "GET /\r\n\r\n", "invalid_request_line"],
    ["an unknown version", "GET / HTTP/1.2\r\n\r\n", "invalid_version"],
    ["a two-digit version", "GET / HTTP/1.10\r\n\r\n", "invalid_target"],
    ["HTTP/2 in this form", "GET / HTTP/2.0\r\n\r\n", "invalid_version"],
    ["HTTP/1.0 where it is not accepted", "GET / HTTP/1.0\r\n\r\n", "http_1_0_not_accepted"],
    ["a lower-case version", "GET / http/1.1\r\n\r\n", "invalid_version"],
    ["a method that is no token", "GE(T / HTTP/1.1\r\n\r\n", "invalid_method"],
    ["content-length twice", `${post}Content-Length: 5\r\nContent-Length: 5\r\n\r\n`, "repeated_content_length"],
    ["content-length as a list", `${post}Content-Length: 5, 5\r\n\r\n`, "invalid_content_length"],
    ["content-length with a sign", `${post}Content-Length: +5\r\n\r\n`, "invalid_content_length"],
    ["content-length in hexadecimal", `${post}Content-Length: 0x5\r\n\r\n`, "invalid_content_length"],
    ["content-length with a space inside", `${post}Content-Length: 1 2\r\n\r\n`, "invalid_content_length"],
    ["content-length empty", `${post}Content-Length:\r\n\r\n`, "invalid_content_length"],
    [
      "content-length beyond exact numbers",
      `${post}Content-Length: 9999999999999999\r\n\r\n`,
      "invalid_content_length",
    ],
    [
      "both framings",
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
      "content_length_with_transfer_encoding",
    ],
    [
      "both framings, the other order",
      `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`,
      "content_length_with_transfer_encoding",
    ],
    [
      "transfer-encoding twice",
      `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
      "repeated_transfer_encoding",
    ],
    ["another coding", `${post}Transfer-Encoding: gzip, chunked\r\n\r\n`, "unsupported_transfer_encoding"],
    ["chunked not last", `${post}Transfer-Encoding: chunked, identity\r\n\r\n`, "unsupported_transfer_encoding"],
    ["chunked with a tab inside", `${post}Transfer-Encoding: chun\tked\r\n\r\n`, "unsupported_transfer_encoding"],
    ["chunked with a vertical tab", `${post}Transfer-Encoding: \x0bchunked\r\n\r\n`, "invalid_header_value"],
  ])("%s", (_name, text, error) => {
    const seen = requests([bytes(text)]);
    expect(seen.error).toBe(error);
    expect(seen.messages).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["no digits", "\r\n", "invalid_chunk_size"],
    ["a sign", "+5\r\nhello\r\n", "invalid_chunk_size"],
    ["0x", "0x5\r\nhello\r\n", "invalid_chunk_size"],
    ["a space before the size", " 5\r\nhello\r\n", "invalid_chunk_size"],
    ["a space after the size", "5 \r\nhello\r\n", "invalid_chunk_size"],
    ["a size of 2⁵² and more", "10000000000000\r\nhello\r\n", "invalid_chunk_size"],
    ["a bare LF after the size", "5\nhello\r\n", "bare_line_feed"],
    ["a bare CR in an extension", "5;a\rb\r\nhello\r\n", "invalid_chunk_size"],
    ["data longer than the size", "5\r\nhello!\r\n", "invalid_chunk_end"],
    ["a bare LF after the data", "5\r\nhello\n0\r\n\r\n", "invalid_chunk_end"],
    ["an extension to hide in", `5;${"x".repeat(300)}\r\nhello\r\n`, "chunk_line_too_long"],
    ["a folded trailer", "0\r\na: b\r\n c\r\n\r\n", "line_folding"],
    ["a trailer with NUL", "0\r\na: \0\r\n\r\n", "invalid_header_value"],
  ])("in a chunked body: %s", (_name, body, error) => {
    const seen = requests([bytes(`${post}Transfer-Encoding: chunked\r\n\r\n${body}`)]);
    expect(seen.error).toBe(error);
    expect(seen.messages[0]?.ended ?? false).toBe(false);
  });

  test("limits: bytes of the head, number of fields, bytes and number of trailers", () => {
    const long = "x".repeat(2048);
    expect(requests([bytes(`GET /${long} HTTP/1.1\r\n`)]).error).toBe("headers_too_large");
    expect(requests([bytes(`GET / HTTP/1.1\r\nA: ${long}`)]).error).toBe("headers_too_large");
    expect(requests([bytes(`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(21)}\r\n`)]).error).toBe("too_many_headers");
    const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n`;
    expect(requests([bytes(`${chunked}A: ${long}\r\n`)]).error).toBe("headers_too_large");
    expect(requests([bytes(`${chunked}${"a: b\r\n".repeat(21)}\r\n`)]).error).toBe("too_many_headers");
  });
});

describe("requests that it allows", () => {
  test("names in any case, whitespace around values, obs-text, repeated fields in order", () => {
    const seen = requests([bytes("GET / HTTP/1.1\r\nHOST:a\r\nX-Y: \t b\xff c \t\r\nx-y:\r\n\r\n")]);
    expect(seen.messages[0]?.fields).toEqual(["host: a", "x-y: b\xff c", "x-y: "]);
    expect(seen.messages[0]?.ended).toBe(true);
  });

  test("names of Object's own are names like any other", () => {
    const seen = requests([bytes("GET / HTTP/1.1\r\n__proto__: 1\r\nconstructor: 2\r\ntoString: 3\r\n\r\n")]);
    expect(seen.messages[0]?.fields).toEqual(["__proto__: 1", "constructor: 2", "tostring: 3"]);
  });

  test("one empty line before a request, no more", () => {
    expect(requests([bytes(`\r\nGET / HTTP/1.1\r\n${host}\r\n`)]).messages).toHaveLength(1);
    expect(requests([bytes(`\r\n\r\nGET / HTTP/1.1\r\n${host}\r\n`)]).error).toBe("invalid_method");
  });

  test("pipelined: bodies end where their framing says, and the next request begins there", () => {
    const seen = requests([
      bytes(
        `${post}Content-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\n${host}\r\n` +
          `${post}Transfer-Encoding: Chunked\r\n\r\n5;x\r\nhello\r\nA\r\n0123456789\r\n0\r\nt: v\r\n\r\nGET /4 HTTP/1.1\r\n\r\n`,
      ),
    ]);
    expect(seen.error).toBe("none");
    expect(seen.messages.map((m) => [m.head, m.body, m.trailers, m.ended])).toEqual([
      ["POST / 1.1", "hello", [], true],
      ["GET /2 1.1", "", [], true],
      ["POST / 1.1", "hello0123456789", ["t: v"], true],
      ["GET /4 1.1", "", [], true],
    ]);
  });
});

describe("responses are judged as strictly", () => {
  test.each<[string, string, string]>([
    ["a bare LF", "HTTP/1.1 200 OK\n\n", "bare_line_feed"],
    ["NUL in a value", "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", "invalid_header_value"],
    ["CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n", "invalid_status_line"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "invalid_status_line"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "invalid_status_line"],
    ["a status out of range", "HTTP/1.1 999 X\r\n\r\n", "invalid_status_line"],
    ["another protocol", "ICY 200 OK\r\n\r\n", "invalid_status_line"],
    [
      "both framings",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "content_length_with_transfer_encoding",
    ],
    [
      "content-length twice",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
      "repeated_content_length",
    ],
    ["another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "unsupported_transfer_encoding"],
    ["chunked from HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "unsupported_transfer_encoding"],
  ])("%s", (_name, text, error) => {
    expect(responses([bytes(text)]).error).toBe(error);
  });

  test.each<[string, string, string]>([
    ["to HEAD", "HEAD", "200 OK"],
    ["204", "GET", "204 No Content"],
    ["304", "GET", "304 Not Modified"],
    ["an interim one", "GET", "103 Early Hints"],
  ])("%s has no body, whatever content-length says", (_name, method, status) => {
    const seen = responses([bytes(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\n`)], method);
    expect(seen.messages).toMatchObject([{ body: "", ended: true }]);
  });

  test("without framing the body ends with the connection; with it, an early end is no end", () => {
    expect(responses([bytes("HTTP/1.1 200\r\n\r\nabc")], "GET", true)).toMatchObject({
      error: "none",
      messages: [{ body: "abc", ended: true }],
    });
    for (const cutShort of [
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      "HTTP/1.1 200 OK\r\nConte",
    ])
      expect(responses([bytes(cutShort)], "GET", true).error).toBe("cut short");
  });
});
