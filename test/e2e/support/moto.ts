import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

/** A stand-in for AWS that takes the SDK's calls over HTTP and keeps what it is told, until it is closed. */
export interface Moto {
  readonly endpoint: string;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

const TRIES = 300;
const PAUSE_MS = 100;

/** Starts `moto_server` on a free port of loopback and waits until it answers. */
export async function startMoto(program: string): Promise<Moto> {
  const port = await freePort();
  const child = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const endpoint = `http://127.0.0.1:${port}`;
  for (let i = 0; i < TRIES; i++) {
    if (child.exitCode !== null) throw new Error(`moto_server ended: ${said}`);
    if (await answers(`${endpoint}/moto-api/data.json`)) return { endpoint, close: () => close(child) };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await close(child);
  throw new Error(`moto_server does not answer: ${said}`);
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  );

const close = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
