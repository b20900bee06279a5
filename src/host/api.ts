import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { hasErrors } from "../model/finding";
import { fromObject } from "../model";
import { Problem } from "./problem";
import type { StateDir } from "./state";
import type { Changes, Supervisor } from "./supervisor";

/** A mesh document as a caller sends it. */
export interface ApplyRequest {
  readonly document: unknown;
  /** The directory that the document's paths are relative to. */
  readonly base: string;
}

/** One line of the answer to an apply. */
export type ApplyEvent =
  | { readonly event: "progress"; readonly line: string }
  | { readonly event: "done"; readonly changes: Changes }
  | { readonly event: "problem"; readonly findings: Problem["findings"] }
  | { readonly event: "error"; readonly message: string };

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The supervisor's door: HTTP over a Unix socket that only its owner can open. */
export class ControlApi {
  private readonly server: Server;
  private listener: ((line: string) => void) | undefined;

  constructor(
    private readonly supervisor: Supervisor,
    private readonly state: StateDir,
    /** Ends the mesh and all of its state but this door. */
    private readonly down: () => Promise<void>,
    /** After the caller of `down` was told that it is done. */
    private readonly onDown: () => void,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<void> {
    const path = this.state.socket("api");
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
  }

  /** Passes a line of progress to whoever waits for an apply. */
  progress(line: string): void {
    this.listener?.(line);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json", connection: "close" });
      response.end(JSON.stringify(body));
    };
    try {
      switch (`${request.method} ${request.url}`) {
        case "GET /v1/status":
          return json(200, { pid: process.pid, status: await this.supervisor.status() });
        case "POST /v1/apply":
          return await this.apply(request, response);
        case "POST /v1/down":
          await this.down();
          response.once("close", this.onDown);
          return json(200, {});
        default:
          return json(404, { error: "not found" });
      }
    } catch (error) {
      json(500, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async apply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { document, base } = JSON.parse(await read(request)) as ApplyRequest;
    response.writeHead(200, { "content-type": "application/x-ndjson", connection: "close" });
    const send = (event: ApplyEvent): void => void response.write(`${JSON.stringify(event)}\n`);
    const { model, findings } = fromObject(document);
    if (model === undefined || hasErrors(findings)) send({ event: "problem", findings });
    else {
      this.listener = (line) => send({ event: "progress", line });
      try {
        send({ event: "done", changes: await this.supervisor.apply(model, base) });
      } catch (error) {
        if (error instanceof Problem) send({ event: "problem", findings: error.findings });
        else send({ event: "error", message: error instanceof Error ? error.message : String(error) });
      }
      this.listener = undefined;
    }
    response.end();
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("the document is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
