import { cut, eachByte, bytes } from "../http1/events";
import { pureReading } from "./reading";
import { accepted, rejected } from "./requests";
import { eventually, RawClient } from "../support/client";
import { clusterConfig, forward, route, TestProxy } from "../support/proxy";
import { RawUpstream, response } from "../support/upstream";
import { requestsIn } from "./reading";

test("the corpus is large, and no two samples are the same", () => {
  expect(rejected.length + accepted.length).toBeGreaterThanOrEqual(200);
  const all = [...rejected, ...accepted];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

describe("the parser and the edge rules", () => {
  test.each(rejected.map(({ name, bytes: text }) => [name, text] as const))(
    "refuse %s, however it is split",
    (_name, text) => {
      const data = bytes(text);
      for (const pieces of [[data], eachByte(data), cut(data, [7, 20, 33])]) {
        const seen = pureReading(pieces);
        expect({ seen, refused: seen.error !== "" }).toEqual({ seen, refused: true });
        // What was refused may have begun as a request; none after it is ever read.
        expect(seen.requests.join("")).not.toContain("smuggled");
      }
    },
  );

  test.each(accepted.map((sample) => [sample.name, sample] as const))(
    "read %s in one way, however it is split",
    (_name, { bytes: text, means }) => {
      const data = bytes(text);
      for (const pieces of [[data], eachByte(data), cut(data, [7, 20, 33])])
        expect(pureReading(pieces)).toEqual({ requests: means, error: "" });
    },
  );
});

describe("a live proxy", () => {
  let upstream: RawUpstream;
  let proxy: TestProxy;
  const texts: string[] = [];
  beforeAll(async () => {
    const pending = new Map<object, string>();
    upstream = await RawUpstream.start((received, socket) => {
      let text = (pending.get(socket) ?? "") + received;
      for (let taken = requestsIn(text); taken.first !== undefined; taken = requestsIn(text)) {
        texts.push(taken.first);
        text = taken.rest;
        socket.write(response("ok"));
      }
      pending.set(socket, text);
    });
    proxy = await TestProxy.start({
      clusters: [clusterConfig("up", [upstream.port])],
      routes: [route(forward("up"))],
    });
  });
  afterAll(async () => {
    await eventually(
      () => proxy.gauges().length === 0,
      () => proxy.gauges().join(" "),
    );
    proxy.close();
    await upstream.close();
  });

  async function answers(text: string, count: number): Promise<string> {
    const client = await RawClient.open(proxy.port);
    client.send(text);
    await eventually(
      () => client.ended || client.closed || (client.received.match(/HTTP\/1\.1 \d/g) ?? []).length >= count,
      () => JSON.stringify({ text, got: client.received }),
    );
    client.close();
    return client.received;
  }

  test("answers each rejected sample with an error and the end, and forwards none whole", async () => {
    texts.length = 0;
    for (const { name, bytes: text } of rejected) {
      const got = await answers(`${text}${name.includes("TLS") ? "\r\n\r\n" : ""}`, 1);
      expect([name, got.slice(0, 10)]).toEqual([name, expect.stringMatching(/^HTTP\/1\.1 [45]/)]);
      expect([name, got.split("HTTP/1.1 ").length]).toEqual([name, 2]);
      expect([name, /^connection: close\r$/m.test(got)]).toEqual([name, true]);
    }
    expect(texts).toEqual([]);
  });

  test("forwards each accepted sample as exactly what it means", async () => {
    for (const { name, bytes: text, means } of accepted) {
      texts.length = 0;
      const got = await answers(text, means.length);
      expect([name, (got.match(/HTTP\/1\.1 200/g) ?? []).length]).toEqual([name, means.length]);
      const forwarded = pureReading([bytes(texts.join(""))]);
      expect([name, forwarded]).toEqual([name, { requests: means, error: "" }]);
      expect([name, /evil|x-mine|__never__/i.test(texts.join(""))]).toEqual([name, false]);
    }
  });
});
