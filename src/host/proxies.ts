import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Signer } from "../control/signer";
import type { Message, ProxyPlacement } from "../renderers/proxy";
import type { Engine } from "./engine";
import { ManagedProcess } from "./managed-process";
import { problem } from "./problem";
import { adminPage } from "./probe";
import type { Registry } from "./registry";
import type { SidecarMessage } from "./sidecar";
import type { StateDir } from "./state";

export interface ProxyContext {
  readonly state: StateDir;
  readonly registry: Registry;
  readonly signer: Signer;
  readonly engine: Engine;
  readonly onCrash: (name: string, how: string, restartInMs: number) => void;
}

const RELOAD_TIMEOUT_MS = 10_000;
const POLL_MS = 25;
const ENVOY_STOP_MS = 1_000;

/** One proxy of the mesh: its identity, its configuration on disk and its process. */
export class Proxy {
  readonly process: ManagedProcess;
  private readonly revoke: () => void;
  private written = "";
  private committed = "";

  constructor(
    readonly name: string,
    readonly spiffeId: string,
    public placement: ProxyPlacement,
    private readonly context: ProxyContext,
  ) {
    const { state, registry, signer, engine } = context;
    const { token, revoke } = signer.admit(spiffeId);
    this.revoke = revoke;
    const message: SidecarMessage = {
      spiffeId,
      token,
      socketPath: state.socket("ca"),
      directory: placement.certificates,
      engine,
      config: state.bootstrap(name),
    };
    this.process = new ManagedProcess(
      {
        name,
        command: [process.execPath, join(__dirname, "sidecar.js")],
        cwd: state.path,
        env: process.env as Record<string, string>,
        message: { ...message },
      },
      {
        registry,
        logPath: state.log(name),
        onCrash: (how, restartInMs) => context.onCrash(name, how, restartInMs),
      },
    );
  }

  runs(engine: Engine): boolean {
    return JSON.stringify(engine) === JSON.stringify(this.context.engine);
  }

  /** Writes the configuration that it starts with. */
  write(bootstrap: Message): void {
    this.put(JSON.stringify(bootstrap, undefined, 1));
  }

  /**
   * Puts a new configuration into force: the bundled proxy swaps it without dropping a connection, Envoy starts anew.
   * False where it is the old one.
   * @throws Problem MESH3015 where the proxy goes on with the old one.
   */
  async update(bootstrap: Message): Promise<boolean> {
    const text = JSON.stringify(bootstrap, undefined, 1);
    if (text === this.written) return false;
    const before = await this.version();
    this.put(text);
    if (this.context.engine.kind === "envoy") await this.process.restart(ENVOY_STOP_MS);
    else await this.taken(before);
    return true;
  }

  /** The configuration in force is the one to come back to. */
  commit(): void {
    this.committed = this.written;
  }
  /** Back to the last one committed. */
  async restore(): Promise<void> {
    if (this.committed === "" || this.committed === this.written) return;
    this.put(this.committed);
    if (this.context.engine.kind === "envoy") await this.process.restart(ENVOY_STOP_MS);
  }

  private put(text: string): void {
    this.context.state.write(this.context.state.bootstrap(this.name), text);
    this.written = text;
  }

  private async taken(before: string | undefined): Promise<void> {
    const deadline = Date.now() + RELOAD_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const now = await this.version();
      // Undefined: it is being restarted, and will start with the new file.
      if (now === undefined || now !== before) return;
      await sleep(POLL_MS);
    }
    throw problem(
      "MESH3015",
      "",
      `${this.name} did not take its new configuration: ${this.process.log.lastLines().slice(-3).join(" | ")}`,
      `meshup logs ${this.name} says more.`,
    );
  }

  async stop(graceMs: number): Promise<void> {
    this.revoke();
    await this.process.stop(graceMs);
  }

  /** Changes whenever the proxy puts a configuration into force. */
  private version(): Promise<string | undefined> {
    return adminPage(this.placement.admin, "/config_dump");
  }
}
