/**
 * The process beside each replica: keeps the workload's certificate fresh and runs the proxy. The bundled proxy runs in
 * this process; Envoy as its child. When the supervisor's channel closes, the supervisor is gone, and so is this.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { IdentityAgent } from "../control/agent";
import type * as ProxyMain from "../proxy/main";
import type { Engine } from "./engine";

export interface SidecarMessage {
  readonly spiffeId: string;
  readonly socketPath: string;
  readonly token: string;
  /** For identity.pem, identity.key and roots.pem. */
  readonly directory: string;
  readonly engine: Engine;
  /** The bootstrap's file. */
  readonly config: string;
}

function fail(error: Error): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function runEnvoy(file: string, config: string): void {
  const child = spawn(file, ["-c", config, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warn"], {
    stdio: "inherit",
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill(signal));
  process.on("exit", () => child.kill("SIGKILL"));
  child.once("error", fail);
  child.once("exit", (code) => process.exit(code ?? 1));
}

/** Cut what is in flight after this long, when asked to stop: the supervisor waits a little longer. */
const SHUTDOWN_SECONDS = "8";

async function runBundled(file: string, config: string): Promise<never> {
  // The proxy is one built file, found when it runs.
  const { main } = createRequire(__filename)(file) as typeof ProxyMain;
  process.exit(await main(["-c", config, "--log-level", "warn", "--parent-shutdown-time-s", SHUTDOWN_SECONDS]));
}

async function run(message: SidecarMessage): Promise<void> {
  const agent = new IdentityAgent({
    ...message,
    onError: (error) => process.stderr.write(`certificate not renewed: ${error.message}\n`),
  });
  await agent.start();
  const { kind, file } = message.engine;
  if (kind === "envoy") runEnvoy(file, message.config);
  else await runBundled(file, message.config);
}

process.once("message", (message) => void run(message as SidecarMessage).catch(fail));
process.once("disconnect", () => process.exit(0));
