import { H } from "../core/header-id";
import { HeaderList } from "../core/header-list";
import { latin1 } from "../core/latin1";
import { TimerEntry } from "../core/wheel";
import { requestHead } from "../http1/writer";
import type { ResponseParser } from "../http1/response-parser";
import { Attempt, type AttemptOwner } from "../upstream/attempt";
import type { Cluster } from "../upstream/cluster";
import type { UpstreamConnection } from "../upstream/connection";

/** Called once: the response's status and its body's text, or nothing when there was none to be had. */
export type SideDone = (status: number, body: string) => void;

class Deadline extends TimerEntry {
  constructor(private readonly request: SideRequest) {
    super();
  }
  fire(): void {
    this.request.onDeadline();
  }
}

/** A request of our own beside those of clients: a mirrored one, or one for an issuer's keys. One try, through the cluster's pool and breakers. */
export class SideRequest implements AttemptOwner {
  readonly responseHeaders = new HeaderList();
  private readonly attempt = new Attempt(this);
  private readonly deadline = new Deadline(this);
  private status = 0;
  private text = "";
  private over = false;

  constructor(
    private readonly method: string,
    /** Head and body as they go out. Buffers must be owned. */
    private readonly pieces: readonly (string | Buffer)[],
    /** Bytes of the response that are kept; what is beyond makes it fail. 0: the response is thrown away. */
    private readonly keepBytes: number,
    private readonly done: SideDone | undefined,
  ) {}

  /** `timeoutMs` 0: none. */
  start(cluster: Cluster, timeoutMs: number): void {
    const { runtime } = cluster;
    const now = runtime.clock.now();
    const host = cluster.pick([], 0, now);
    if (host === undefined) return this.end(0);
    if (timeoutMs > 0) runtime.wheel.start(this.deadline, timeoutMs);
    this.attempt.begin(cluster, host, this.method, now, false);
  }

  onReady(connection: UpstreamConnection): void {
    for (const piece of this.pieces) connection.write(piece);
    connection.finishRequest();
  }

  onResponseHead(response: ResponseParser): void {
    this.status = response.status;
  }

  onResponseData(data: Buffer, start: number, end: number): void {
    if (this.keepBytes === 0) return;
    if (this.text.length + end - start > this.keepBytes) {
      this.attempt.cancel(0);
      return this.end(0);
    }
    this.text += latin1(data, start, end);
  }

  onResponseEnd(): void {
    this.end(this.status);
  }

  onResponseFlush(): void {}

  onReset(): void {
    this.end(0);
  }

  onUpstreamDrain(): void {}

  onDeadline(): void {
    this.attempt.cancel(504);
    this.end(0);
  }

  private end(status: number): void {
    if (this.over) return;
    this.over = true;
    this.deadline.stop();
    this.done?.(status, this.text);
  }
}

export interface FetchTarget {
  readonly cluster: string;
  readonly authority: string;
  readonly path: string;
  readonly timeoutMs: number;
}

/** POSTs a body of ours through a cluster. Gives the answer's status, 0 where there was none. */
export function post(
  target: FetchTarget,
  fields: readonly (readonly [name: string, value: string])[],
  body: Buffer,
  clusters: ReadonlyMap<string, Cluster>,
): Promise<number> {
  const cluster = clusters.get(target.cluster);
  if (cluster === undefined) return Promise.resolve(0);
  const headers = new HeaderList();
  headers.add(H.Host, "host", target.authority);
  headers.append("content-length", String(body.length));
  for (const [name, value] of fields) headers.append(name.toLowerCase(), value);
  return new Promise((resolve) => {
    const pieces = [requestHead("POST", target.path, headers), body];
    new SideRequest("POST", pieces, 0, resolve).start(cluster, target.timeoutMs);
  });
}

/** Largest document that is fetched. */
const maxDocument = 1024 * 1024;

/** GETs a document through a cluster; undefined when that fails or the answer is not 200. */
export function fetchText(target: FetchTarget, clusters: ReadonlyMap<string, Cluster>): Promise<string | undefined> {
  const cluster = clusters.get(target.cluster);
  if (cluster === undefined) return Promise.resolve(undefined);
  const headers = new HeaderList();
  headers.add(H.Host, "host", target.authority);
  headers.append("x-forwarded-proto", cluster.config.tls === undefined ? "http" : "https");
  return new Promise((resolve) => {
    const request = new SideRequest("GET", [requestHead("GET", target.path, headers)], maxDocument, (status, body) =>
      resolve(status === 200 ? Buffer.from(body, "latin1").toString("utf8") : undefined),
    );
    request.start(cluster, target.timeoutMs);
  });
}
