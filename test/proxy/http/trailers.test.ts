import { eventually } from "../support/client";
import { get, proxy, upstream } from "../support/exchanges";
import { clusterConfig, forward, retries, route } from "../support/proxy";
import { response, type Script } from "../support/upstream";

const answer = (trailers: string): string =>
  `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${trailers}\r\n`;
const post = (trailers: string): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n${trailers}\r\n`;
const ended = /0\r\n(?:[^\r]+\r\n)*\r\n/;

async function between(script: Script, down: boolean, up: boolean) {
  const host = await upstream(script);
  const px = await proxy({
    clusters: [clusterConfig("up", [host.port], { trailers: up })],
    routes: [route(forward("up", { retry: retries() }))],
    http: { trailers: down },
  });
  return { host, px };
}

/** What arrives on each side of a request and a response that both have a trailer. */
async function passed(down: boolean, up: boolean): Promise<readonly string[]> {
  const { host, px } = await between(
    (received, socket) => ended.test(received) && socket.write(answer("x-r: 2\r\n")),
    down,
    up,
  );
  const client = await px.client();
  const text = await client.send(post("X-T: 1\r\n")).until(ended);
  client.close();
  return [host.received.join(""), text].map((side) => side.slice(side.lastIndexOf("0\r\n")));
}

test("trailers pass where the connection manager and the cluster both say so, and are dropped otherwise", async () => {
  expect(await passed(true, true)).toEqual(["0\r\nx-t: 1\r\n\r\n", "0\r\nx-r: 2\r\n\r\n"]);
  for (const [down, up] of [
    [true, false],
    [false, true],
    [false, false],
  ] as const)
    expect(await passed(down, up)).toEqual(["0\r\n\r\n", "0\r\n\r\n"]);
});

test("a trailer that frames, routes or authorizes is left out on both sides", async () => {
  const bad =
    "host: b\r\ncontent-length: 9\r\nauthorization: c\r\nx-forwarded-client-cert: d\r\nx-envoy-e: f\r\nproxy-g: h\r\n";
  const { host, px } = await between(
    (received, socket) => ended.test(received) && socket.write(answer(`set-cookie: s\r\n${bad}grpc-status: 5\r\n`)),
    true,
    true,
  );
  const client = await px.client();
  const text = await client.send(post(`${bad}x-ok: 1\r\n`)).until(ended);
  expect(text.slice(text.lastIndexOf("0\r\n"))).toBe("0\r\ngrpc-status: 5\r\n\r\n");
  expect(host.received[0]).toMatch(/3\r\nabc\r\n0\r\nx-ok: 1\r\n\r\n$/);
  client.close();
});

test("a second try has the request's trailers, and only the last answer's reach the client", async () => {
  let tries = 0;
  const { host, px } = await between(
    (_received, socket) =>
      void socket.write(tries++ === 0 ? answer("x-r: 1\r\n").replace("200 OK", "503 X") : answer("x-r: 2\r\n")),
    true,
    true,
  );
  const client = await px.client();
  const text = await client.send(post("x-t: 1\r\n")).until(ended);
  expect(text).toMatch(/0\r\nx-r: 2\r\n\r\n$/);
  expect(host.received.join("").split("0\r\nx-t: 1\r\n\r\n")).toHaveLength(3);
  client.close();
});

test("the next response on a connection has none of the last one's, however the bytes come", async () => {
  let asked = 0;
  const { px } = await between(
    (_received, socket) => {
      if (asked++ > 0) return void socket.write(response("plain"));
      const bytes = answer("x-r: 1\r\n");
      const next = (at: number): void => {
        if (at === bytes.length) return;
        socket.write(bytes[at] as string);
        setImmediate(() => next(at + 1));
      };
      next(0);
    },
    true,
    true,
  );
  const client = await px.client();
  client.send(get("/1") + get("/2"));
  const text = await client.until("plain");
  expect(text.split("x-r: 1")).toHaveLength(2);
  await eventually(() => px.log.length === 2);
  client.close();
});

test("where trailers pass, the next hop learns that the client takes them, and which there are", async () => {
  const { host, px } = await between((_received, socket) => void socket.write(response("ok")), true, true);
  const client = await px.client();
  await client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: gzip, trailers\r\nTrailer: x-t\r\n\r\n").until("ok");
  expect(host.received[0]).toMatch(/\r\nte: trailers\r\n/);
  expect(host.received[0]).toMatch(/\r\ntrailer: x-t\r\n/);
  client.close();
});
