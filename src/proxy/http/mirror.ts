import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import { requestHead } from "../http1/writer";
import type { MirrorPolicy } from "../routing/action";
import type { Cluster } from "../upstream/cluster";
import { SideRequest } from "./side-request";

/** What is copied: a request that is complete and held in full. */
export interface Mirrored {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  /** As it goes out, framing included. */
  readonly body: readonly (string | Buffer)[];
  readonly timeoutMs: number;
}

/** Sends a copy to another cluster. Nobody waits for the answer, and nothing that befalls it shows. */
export function mirror(policy: MirrorPolicy, request: Mirrored, clusters: ReadonlyMap<string, Cluster>): void {
  const cluster = clusters.get(policy.cluster);
  if (cluster === undefined) return;
  const { headers } = request;
  const host = headers.get(H.Host) ?? "";
  if (policy.shadowSuffix) headers.set(H.Host, shadowHost(host));
  const head = requestHead(request.method, request.target, headers);
  if (policy.shadowSuffix) headers.set(H.Host, host);
  new SideRequest(request.method, [head, ...request.body], 0, undefined).start(cluster, request.timeoutMs);
}

/** `-shadow` after the name, before the port. */
function shadowHost(host: string): string {
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  return `${host.slice(0, host.length - port.length)}-shadow${port}`;
}
