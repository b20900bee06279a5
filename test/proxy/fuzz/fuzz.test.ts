import fc from "fast-check";
import { normalPath } from "../../../src/proxy/http/path";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { accepted, rejected } from "../corpus/requests";
import { pureReading } from "../corpus/reading";
import { bytes, cut, eachByte, requests, responses } from "../http1/events";
import { regressions } from "./regressions";

/** `FUZZ_RUNS=200000` is the long run, a million inputs in all; the default keeps the unit tests quick. */
const runs = Number(process.env.FUZZ_RUNS ?? 500);
const timeout = Math.max(10_000, runs * 2);
/** A seed that failed is printed by fast-check; `FUZZ_SEED` runs it again. */
const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };
const settings = { numRuns: runs, ...seed };

const samples = [...accepted, ...rejected].map(({ bytes: text }) => text);
const interesting = fc.constantFrom(
  "\r",
  "\n",
  "\r\n",
  "\0",
  " ",
  "\t",
  ":",
  ",",
  ";",
  "0",
  "\x7f",
  "\xff",
  "chunked",
  "Content-Length: 1\r\n",
  "Transfer-Encoding: chunked\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 200 OK\r\n",
);

/** A sample of the corpus with a few bytes changed, put in, or left out; or two of them in a row. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), interesting), { maxLength: 4 }),
    fc.constantFrom("", ...samples.slice(0, 8)),
  )
  .map(([text, changes, after]) => {
    let out = text;
    for (const [at, remove, put] of changes) {
      const place = out.length === 0 ? 0 : at % out.length;
      out = out.slice(0, place) + put + out.slice(place + remove);
    }
    return bytes(out + after);
  });
const input = fc.oneof(
  { weight: 5, arbitrary: mutated },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }).map((a) => Buffer.from(a)) },
);
const cuts = fc.array(fc.nat(4000), { maxLength: 5 });

test(
  "requests: any split gives the same events; nothing throws, hangs or reads beyond its slice",
  () => {
    fc.assert(
      fc.property(input, cuts, fc.boolean(), (data, at, http10) => {
        const whole = requests([data], http10);
        expect(requests(cut(data, at), http10)).toEqual(whole);
        if (data.length < 200) expect(requests(eachByte(data), http10)).toEqual(whole);
      }),
      settings,
    );
  },
  timeout,
);

test(
  "responses likewise, to GET and HEAD, with the connection closed at the end",
  () => {
    const response = fc
      .tuple(
        fc.constantFrom(
          "HTTP/1.1 200 OK",
          "HTTP/1.1 204 No",
          "HTTP/1.1 304 NM",
          "HTTP/1.1 101 S",
          "HTTP/1.0 200 OK",
          "HTTP/1.1 103 E",
        ),
        input,
      )
      .map(([line, rest]) => {
        const text = rest.toString("latin1");
        return bytes(`${line}\r\n${text.slice(text.indexOf("\r\n") + 2)}`);
      });
    fc.assert(
      fc.property(response, cuts, fc.constantFrom("GET", "HEAD"), fc.boolean(), (data, at, method, close) => {
        expect(responses(cut(data, at), method, close)).toEqual(responses([data], method, close));
      }),
      settings,
    );
  },
  timeout,
);

test(
  "requests and edge rules together never read a request after a refusal",
  () => {
    fc.assert(
      fc.property(input, cuts, (data, at) => {
        const whole = pureReading([data]);
        expect(pureReading(cut(data, at))).toEqual(whole);
      }),
      settings,
    );
  },
  timeout,
);

test(
  "paths: what is normal stays so, has no dot segment and no backslash, and nothing throws",
  () => {
    const piece = fc.constantFrom(
      "/",
      "//",
      ".",
      "..",
      "%2e",
      "%2E",
      "%2f",
      "%5c",
      "\\",
      ";",
      ";x",
      "a",
      "%",
      "%0",
      "%41",
      "?",
      "&",
      "=",
      "%00",
      '"',
      "~",
    );
    const path = fc.array(piece, { maxLength: 12 }).map((parts) => `/${parts.join("")}`);
    fc.assert(
      fc.property(
        path,
        fc.boolean(),
        fc.constantFrom("KEEP_UNCHANGED", "UNESCAPE_AND_FORWARD"),
        (target, mergeSlashes, escapedSlashes) => {
          const rules = { normalizePath: true, mergeSlashes, escapedSlashes } as const;
          const once = normalPath(target, rules);
          if (once === undefined) return;
          const bare = once.path.replace(/\?.*/s, "");
          expect(bare).not.toMatch(/\\|(^|\/)\.{1,2}(;[^/]*)?(\/|$)/);
          expect(bare.startsWith("/")).toBe(true);
          expect(normalPath(once.path, rules)?.path).toBe(once.path);
        },
      ),
      settings,
    );
  },
  timeout,
);

test(
  "configurations: text of any kind is read or refused, never thrown at",
  () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof readBootstrap({ text }).ok).toBe("boolean");
      }),
      settings,
    );
  },
  timeout,
);

test.each(regressions)("once found: %s", (_name, text) => {
  const data = bytes(text);
  const whole = requests([data]);
  expect(requests(eachByte(data))).toEqual(whole);
  const reading = pureReading([data]);
  for (let at = 1; at < data.length; at++) expect(pureReading(cut(data, [at]))).toEqual(reading);
});
