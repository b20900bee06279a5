import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Unix socket addresses hold 104 bytes on macOS and 108 on Linux, with the final zero. */
const MAX_SOCKET_PATH = 100;

/** Where a mesh's supervisor keeps what it knows: `$XDG_STATE_HOME/meshup/NAME`, by default under ~/.local/state. */
export const stateRoot = (): string => join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "meshup");

/** What the mesh that runs costs, as it was told when it came up. */
export const COST = "cost.json";

/** The files of one mesh on this host. */
export class StateDir {
  readonly path: string;

  constructor(readonly mesh: string) {
    this.path = join(stateRoot(), mesh);
  }

  create(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    for (const name of ["logs", "proxies", "identities"])
      mkdirSync(join(this.path, name), { recursive: true, mode: 0o700 });
  }

  /** A socket's path: beside the rest, or below the temporary directory where that would be too long. */
  socket(name: "api" | "ca"): string {
    const path = join(this.path, `${name}.sock`);
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
    const id = createHash("sha256").update(this.path).digest("hex").slice(0, 16);
    const directory = join(tmpdir(), `meshup-${process.getuid?.() ?? 0}-${id}`);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return join(directory, `${name}.sock`);
  }

  log(name: string): string {
    return join(this.path, "logs", `${name}.log`);
  }
  logs(): string[] {
    try {
      return readdirSync(join(this.path, "logs"))
        .filter((file) => file.endsWith(".log"))
        .map((file) => file.slice(0, -4))
        .sort();
    } catch {
      return [];
    }
  }
  /** In a directory of its own, because proxies watch their file's directory. */
  bootstrap(name: string): string {
    const directory = join(this.path, "proxies", name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return join(directory, "envoy.json");
  }
  identity(name: string): string {
    return join(this.path, "identities", name);
  }

  /** Everything but the logs goes: keys, configuration, sockets, the lock. */
  clear(): void {
    for (const name of ["proxies", "identities", "processes.json", COST])
      rmSync(join(this.path, name), { recursive: true, force: true });
    for (const socket of ["api", "ca"] as const) rmSync(this.socket(socket), { force: true });
  }

  /** What earlier runs wrote; the supervisor's own log is being written. */
  clearLogs(): void {
    for (const name of this.logs().filter((log) => log !== "supervisor"))
      for (const file of [this.log(name), `${this.log(name)}.1`]) rmSync(file, { force: true });
  }

  write(file: string, content: string): void {
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, file);
  }

  readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.path, name), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** Names of all meshes that have state on this host. */
  static meshes(): string[] {
    try {
      return readdirSync(stateRoot()).sort();
    } catch {
      return [];
    }
  }
}
