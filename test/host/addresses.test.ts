import { createServer } from "node:net";
import { AddressBook } from "../../src/host/addresses";
import { Problem } from "../../src/host/problem";

const keyOf = ({ address, port }: { address: string; port: number }): string => `${address}:${port}`;

test("what was given under a key stays, also when it is in use by then", async () => {
  const book = await AddressBook.create("addresses-1");
  const first = await book.listener("a", 8080);
  const server = createServer();
  await new Promise<void>((done) => server.listen(first.port, first.address, done));
  expect(await book.listener("a", 8080)).toEqual(first);
  server.close();
});

test("no two keys share an address and a port", async () => {
  const book = await AddressBook.create("addresses-2");
  const given = [];
  for (let n = 0; n < 20; n += 1) given.push(await book.listener(`l${n}`, 8080), await book.application(`a${n}`));
  expect(new Set(given.map(keyOf)).size).toBe(given.length);
});

test("an application's port that somebody has is passed over", async () => {
  const probe = await AddressBook.create("addresses-3");
  const first = await probe.application("a");
  const server = createServer();
  await new Promise<void>((done) => server.listen(first.port, "0.0.0.0", done));
  const again = await (await AddressBook.create("addresses-3")).application("a");
  server.close();
  expect(again.port).not.toBe(first.port);
});

test("a fixed address that is taken, or given to another key, is the user's problem", async () => {
  const book = await AddressBook.create("addresses-4");
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const bound = server.address();
  const taken = { address: "127.0.0.1", port: typeof bound === "object" && bound !== null ? bound.port : 0 };
  await expect(book.fixed("a", taken, "some.path")).rejects.toMatchObject({
    findings: [{ code: "MESH3004", path: "some.path", message: `${keyOf(taken)} is taken` }],
  });
  server.close();
  const app = await book.application("b");
  await expect(book.fixed("c", app, "")).rejects.toBeInstanceOf(Problem);
});

test("what is released can be given anew", async () => {
  const book = await AddressBook.create("addresses-5");
  const app = await book.application("shop/echo/0/abc/app/8080");
  book.release("shop/echo/0/abc/");
  expect(book.get("shop/echo/0/abc/app/8080")).toBeUndefined();
  expect(await book.fixed("other", app, "")).toEqual(app);
});
