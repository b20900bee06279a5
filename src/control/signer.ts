import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type CertificateAuthority, RefusedRequest } from "./ca";

/** A signing request is under 1 KiB; nothing honest is larger than this. */
const MAX_REQUEST_BYTES = 16 * 1024;
const READ_TIMEOUT_MS = 5_000;

interface Workload {
  readonly digest: Buffer;
  readonly spiffeId: string;
}

const digest = (token: string): Buffer => createHash("sha256").update(token).digest();

/**
 * Signs for workloads over a Unix socket. A workload shows the token that it was started with, which says who it is:
 * the request itself is never believed.
 */
export class Signer {
  private readonly workloads = new Set<Workload>();
  private readonly server: Server;

  constructor(
    private readonly ca: CertificateAuthority,
    private readonly socketPath: string,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.requestTimeout = READ_TIMEOUT_MS;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.socketPath, resolve);
    });
    chmodSync(this.socketPath, 0o600);
  }

  /** A token for one workload, and the way to take it back. */
  admit(spiffeId: string): { readonly token: string; readonly revoke: () => void } {
    const token = randomBytes(32).toString("base64url");
    const workload = { digest: digest(token), spiffeId };
    this.workloads.add(workload);
    return { token, revoke: () => this.workloads.delete(workload) };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private identify(token: string): string | undefined {
    const shown = digest(token);
    return [...this.workloads].find((workload) => timingSafeEqual(workload.digest, shown))?.spiffeId;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json", connection: "close" });
      response.end(JSON.stringify(body));
    };
    try {
      if (request.method !== "POST" || request.url !== "/v1/sign") return reply(404, { error: "not found" });
      const spiffeId = this.identify((request.headers.authorization ?? "").replace(/^Bearer /, ""));
      if (spiffeId === undefined) return reply(401, { error: "unknown token" });
      const csr = await read(request);
      reply(200, { certificate: await this.ca.sign(csr, spiffeId), roots: this.ca.roots });
    } catch (error) {
      if (error instanceof RefusedRequest) return reply(400, { error: error.message });
      reply(500, { error: "the request could not be signed" });
    }
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new RefusedRequest(`larger than ${MAX_REQUEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
