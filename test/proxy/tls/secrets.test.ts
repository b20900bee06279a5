import { watchKeyPair, watchRoots, SecretError } from "../../../src/proxy/tls/secrets";
import type { SecretIo } from "../../../src/proxy/tls/watched";
import { TestCa, type Issued } from "../support/certs";

const id = "spiffe://example.org/a";
const source = { certificate: { filename: "certs/identity.pem" }, privateKey: { filename: "certs/identity.key" } };

/** Files in memory, and a clock that a test turns. */
class FakeIo implements SecretIo {
  readonly files = new Map<string, string>();
  readonly watched = new Map<string, () => void>();
  readonly warnings: string[] = [];
  private pending: { ms: number; run: () => void }[] = [];

  readFile(path: string): string {
    const text = this.files.get(path);
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  }
  watchDirectory(path: string, changed: () => void): () => void {
    this.watched.set(path, changed);
    return () => this.watched.delete(path);
  }
  after(ms: number, run: () => void): () => void {
    const alarm = { ms, run };
    this.pending.push(alarm);
    return () => (this.pending = this.pending.filter((a) => a !== alarm));
  }
  warn(message: string): void {
    this.warnings.push(message);
  }
  /** Rings what is pending, and says after how long it would have rung. */
  ring(): number[] {
    const due = this.pending;
    this.pending = [];
    for (const { run } of due) run();
    return due.map((a) => a.ms);
  }
}

let io: FakeIo;
let first: Issued;
let second: Issued;
let ca: TestCa;
beforeAll(async () => {
  ca = await TestCa.create();
  [first, second] = [await ca.svid(id), await ca.svid(`${id}2`)];
});
beforeEach(() => {
  io = new FakeIo();
  put(first);
});

function put({ cert, key }: { cert: string; key: string }): void {
  io.files.set("certs/identity.pem", cert).set("certs/identity.key", key);
}

test("a changed pair takes effect once, and is told", () => {
  const pair = watchKeyPair(source, io);
  let told = 0;
  pair.onChange(() => told++);
  put(second);
  io.watched.get("certs")?.();
  io.watched.get("certs")?.();
  expect(io.ring()).toHaveLength(1);
  expect([pair.current.identity.uriSans[0], pair.generation, told]).toEqual([`${id}2`, 2, 1]);
});

test("the same content again is no change", () => {
  const pair = watchKeyPair(source, io);
  io.watched.get("certs")?.();
  io.ring();
  expect(pair.generation).toBe(1);
});

test("a torn pair keeps the old one, is told, and is read again until it fits", () => {
  const pair = watchKeyPair(source, io);
  put({ cert: second.cert, key: first.key });
  io.watched.get("certs")?.();
  io.ring();
  expect(pair.current.identity.uriSans[0]).toBe(id);
  expect(io.warnings[0]).toMatch(/the old one stays in force: .*does not belong to the certificate/);
  io.ring();
  put(second);
  io.ring();
  expect(pair.current.identity.uriSans[0]).toBe(`${id}2`);
});

test("while a file is missing the tries get rarer, and a new notice starts at once", () => {
  watchKeyPair(source, io);
  io.files.delete("certs/identity.key");
  io.watched.get("certs")?.();
  const delays = Array.from({ length: 5 }, () => io.ring()[0]);
  expect(delays).toEqual([...delays].sort((a, b) => (a as number) - (b as number)));
  io.watched.get("certs")?.();
  expect(io.ring()).toEqual([delays[0]]);
});

test("the watched directory is the one given, else that of the files", () => {
  watchKeyPair({ ...source, watchedDirectory: "mount" }, io);
  expect([...io.watched.keys()]).toEqual(["mount"]);
});

test.each([
  ["a missing file", () => io.files.delete("certs/identity.pem"), /certs\/identity.pem cannot be read \(ENOENT\)/],
  ["no certificate", () => io.files.set("certs/identity.pem", "hello"), /holds no certificate/],
  ["a broken certificate", () => io.files.set("certs/identity.pem", first.cert.replace("MI", "XX")), /cannot be read/],
  ["no key", () => io.files.set("certs/identity.key", "hello"), /holds no private key/],
  ["a key of another certificate", () => io.files.set("certs/identity.key", second.key), /does not belong/],
])("at first reading %s is an error that names the file", (_name, spoil, message) => {
  spoil();
  expect(() => watchKeyPair(source, io)).toThrow(SecretError);
  expect(() => watchKeyPair(source, io)).toThrow(message);
});

test("roots are kept by trust domain and in one list, each once", async () => {
  const other = await TestCa.create("other");
  io.files.set("a.pem", ca.pem + other.pem).set("b.pem", other.pem);
  const trustDomains = [
    { name: "a", bundle: { filename: "a.pem" } },
    { name: "b", bundle: { filename: "b.pem" } },
  ];
  const roots = watchRoots({ trustDomains, sans: [] }, io).current;
  expect([roots.list.length, roots.bundles?.get("a")?.length, roots.bundles?.get("b")?.length]).toEqual([2, 2, 1]);
});
