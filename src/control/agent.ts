import { X509Certificate } from "node:crypto";
import { request } from "node:http";
import { publish } from "./files";
import { signingRequest } from "./svid";

export interface AgentOptions {
  readonly spiffeId: string;
  /** The signer's Unix socket. */
  readonly socketPath: string;
  readonly token: string;
  /** Receives identity.pem, identity.key and roots.pem. */
  readonly directory: string;
  /** Told of every failed renewal; the old certificate stays in use meanwhile. */
  readonly onError?: (error: Error) => void;
}

const RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/** setTimeout turns a longer delay into 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Keeps one workload's certificate fresh: a new key each time, at half of the old one's life. */
export class IdentityAgent {
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private generation = 0;
  private stopped = false;

  constructor(private readonly options: AgentOptions) {}

  /** Resolves when the first certificate lies in its place. */
  async start(): Promise<void> {
    this.schedule(await this.renew());
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Asks for a certificate and publishes it; gives the delay until the next. */
  private async renew(): Promise<number> {
    const { csr, privateKey } = await signingRequest(this.options.spiffeId);
    const { certificate, roots } = await sign(this.options, csr);
    const { validTo } = new X509Certificate(certificate);
    this.generation += 1;
    publish(
      this.options.directory,
      { "identity.pem": certificate, "identity.key": privateKey, "roots.pem": roots },
      `${process.pid}-${this.generation}`,
    );
    return (Date.parse(validTo) - Date.now()) / 2;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.again(), Math.min(Math.max(delayMs, 100), MAX_DELAY_MS));
    this.timer.unref();
  }

  private async again(): Promise<void> {
    try {
      const next = await this.renew();
      this.failures = 0;
      this.schedule(next);
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
      this.schedule(Math.min(RETRY_MS * 2 ** this.failures, MAX_RETRY_MS));
      this.failures += 1;
    }
  }
}

interface Signed {
  readonly certificate: string;
  readonly roots: string;
}

function sign(options: AgentOptions, csr: string): Promise<Signed> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath: options.socketPath,
        method: "POST",
        path: "/v1/sign",
        headers: { authorization: `Bearer ${options.token}`, "content-length": Buffer.byteLength(csr) },
        timeout: 10_000,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = JSON.parse(text) as Signed & { error?: string };
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`the CA refused: ${answer.error ?? response.statusCode}`));
        });
      },
    );
    call.on("timeout", () => call.destroy(new Error("the CA does not answer")));
    call.on("error", reject);
    call.end(csr);
  });
}
