import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogFile } from "../../src/host/log-file";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "meshup-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("keeps the last lines for a message, the unfinished one too", () => {
  const log = new LogFile(join(dir, "a.log"));
  for (let n = 1; n <= 30; n += 1) log.write(Buffer.from(`line ${n}\n`));
  log.write(Buffer.from("and"));
  expect(log.lastLines()).toHaveLength(21);
  expect([log.lastLines()[0], log.lastLines().at(-1)]).toEqual(["line 11", "and"]);
  log.close();
  expect(readFileSync(join(dir, "a.log"), "utf8")).toContain("line 1\n");
});

test("is bounded: an old part is kept once, then dropped", () => {
  const path = join(dir, "a.log");
  const log = new LogFile(path);
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let n = 0; n < 20; n += 1) log.write(chunk);
  log.close();
  expect(existsSync(`${path}.1`)).toBe(true);
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(16 * 1024 * 1024);
});
