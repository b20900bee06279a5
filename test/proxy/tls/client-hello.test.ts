import fc from "fast-check";
import { createServer, type AddressInfo } from "node:net";
import { connect, type ConnectionOptions } from "node:tls";
import { readClientHello } from "../../../src/proxy/tls/client-hello";

/** The first bytes that a real client sends. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const bytes = new Promise<Buffer>((resolve) =>
    server.once("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data);
      });
    }),
  );
  const client = connect({ host: "127.0.0.1", port, ...options }).on("error", () => undefined);
  const hello = await bytes;
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  return hello;
}

/** The same handshake message in records of `size` bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    const head = Buffer.from([22, 3, 1, 0, 0]);
    head.writeUInt16BE(part.length, 3);
    records.push(head, part);
  }
  return Buffer.concat(records);
}

test("the name and the protocols that a client asks for, wherever the bytes are cut", async () => {
  const hello = await helloOf({ servername: "A.Example", ALPNProtocols: ["h2", "http/1.1"] });
  const wanted = { serverName: "a.example", protocols: ["h2", "http/1.1"] };
  expect(readClientHello(hello)).toEqual(wanted);
  for (let end = 0; end < hello.length; end++) expect(readClientHello(hello.subarray(0, end))).toBeUndefined();
  for (const size of [1, 2, 7, 100]) {
    const cut = inRecords(hello, size);
    expect(readClientHello(cut)).toEqual(wanted);
    expect(readClientHello(cut.subarray(0, cut.length - 1))).toBeUndefined();
  }
});

test("a client that names nothing", async () => {
  expect(readClientHello(await helloOf({}))).toEqual({ serverName: "", protocols: [] });
});

test("whatever the bytes are, they are read or waited for", async () => {
  const hello = await helloOf({ servername: "a.example", ALPNProtocols: ["http/1.1"] });
  const change = fc.tuple(fc.nat(hello.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(hello);
      for (const [at, value] of changes) bytes[at] = value;
      bytes[0] = 22;
      const read = readClientHello(bytes);
      if (read !== undefined) expect(typeof read.serverName).toBe("string");
    }),
    { numRuns: 500 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readClientHello(Buffer.from(bytes))));
});
