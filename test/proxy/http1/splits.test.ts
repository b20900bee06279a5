import fc from "fast-check";
import { bytes, cut, eachByte, requests, responses } from "./events";

/** Pieces that parsers disagree about, put together at random: far more telling than random bytes. */
const fragment = fc.constantFrom(
  "GET / HTTP/1.1\r\n",
  "POST /p?q=1 HTTP/1.1\r\n",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 304 Not Modified\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.0 200 OK\r\n",
  "Host: a\r\n",
  "host : a\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: 0\r\n",
  "content-length: +5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "transfer-encoding: gzip, chunked\r\n",
  "X: y\r\n",
  " folded\r\n",
  "X: \x00\r\n",
  "__proto__: x\r\n",
  "\r\n",
  "\r",
  "\n",
  "hello",
  "5\r\nhello\r\n",
  "0\r\n",
  "0\r\n\r\n",
  "5;x=y\r\nhello\r\n",
  "5 \r\nhello\r\n",
  "fffffffffffff\r\n",
  "t: trailer\r\n",
  "a".repeat(600),
);
const message = fc.array(fragment, { maxLength: 12 }).map((parts) => bytes(parts.join("")));
const anything = fc.oneof(
  { weight: 9, arbitrary: message },
  fc.uint8Array({ maxLength: 80 }).map((a) => Buffer.from(a)),
);
const cuts = fc.array(fc.nat(4000), { maxLength: 6 });

describe("any split of the input gives the same events", () => {
  test("requests", () => {
    fc.assert(
      fc.property(anything, cuts, fc.boolean(), (data, at, http10) => {
        const whole = requests([data], http10);
        expect(requests(cut(data, at), http10)).toEqual(whole);
        expect(requests(eachByte(data), http10)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  test("responses, to GET and to HEAD, with the connection closed at the end", () => {
    fc.assert(
      fc.property(anything, cuts, fc.constantFrom("GET", "HEAD"), fc.boolean(), (data, at, method, close) => {
        const whole = responses([data], method, close);
        expect(responses(cut(data, at), method, close)).toEqual(whole);
        expect(responses(eachByte(data), method, close)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  test("a body larger than what is turned into text at once, at every place of a 4 KiB window", () => {
    const data = bytes(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1400\r\n${"b".repeat(0x1400)}\r\n0\r\n\r\n`,
    );
    const whole = requests([data]);
    expect(whole.messages[0]?.body).toHaveLength(0x1400);
    expect(whole.messages[0]?.ended).toBe(true);
    for (let at = 1; at < data.length; at += 7) expect(requests(cut(data, [at]))).toEqual(whole);
  });
});

test("what is written is read again as it was", () => {
  const token = fc
    .stringMatching(/^[a-z!#$%&'*+.^_`|~-]{1,20}$/)
    .filter((n) => !/^(content-length|transfer-encoding)$/.test(n));
  const value = fc.stringMatching(/^([!-~\x80-\xff]([ \t!-~\x80-\xff]{0,30}[!-~\x80-\xff])?)?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(token, value), { maxLength: 15 }), (list) => {
      const head = list.map(([n, v]) => `${n}: ${v}\r\n`).join("");
      const seen = requests([bytes(`GET / HTTP/1.1\r\n${head}\r\n`)]);
      expect(seen.error).toBe("none");
      expect(seen.messages[0]?.fields).toEqual(list.map(([n, v]) => `${n}: ${v}`));
    }),
    { numRuns: 300 },
  );
});
