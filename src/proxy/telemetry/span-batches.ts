import { post, type FetchTarget } from "../http/side-request";
import type { Cluster } from "../upstream/cluster";
import { SpanBatch } from "./span-batch";
import type { SpanExporter } from "./tracer";

/** Where spans go, and in whose name. */
export interface SpanTarget {
  readonly to: FetchTarget;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly serviceName: string;
}

/** Batches by where they go: one each, whatever configurations come and go. */
export class SpanBatches {
  private readonly batches = new Map<string, SpanBatch>();
  /** Of the proxy, as its bootstrap says. */
  private node = { nodeId: "", zone: "" };

  constructor(
    private readonly clusters: ReadonlyMap<string, Cluster>,
    private readonly warn: (message: string) => void,
  ) {}

  /** Spans made from now on come from this node. */
  of(nodeId: string, zone: string): void {
    this.node = { nodeId, zone };
  }

  exporter(target: SpanTarget): SpanExporter {
    const key = JSON.stringify([target, this.node]);
    let batch = this.batches.get(key);
    if (batch !== undefined) return batch;
    const { to, fields, serviceName } = target;
    const json = [["content-type", "application/json"], ...fields] as const;
    batch = new SpanBatch(
      { serviceName, ...this.node },
      async (text) => {
        const status = await post(to, json, Buffer.from(text), this.clusters);
        return status >= 200 && status < 300;
      },
      () => this.warn(`cluster '${to.cluster}' takes no spans: they are dropped until it does`),
    );
    this.batches.set(key, batch);
    return batch;
  }

  /** Sends what waits. */
  flush(): void {
    for (const batch of this.batches.values()) batch.flush();
  }
}
