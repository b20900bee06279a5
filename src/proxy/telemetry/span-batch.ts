import type { Span } from "../core/span";
import type { RequestRecord } from "../core/view";
import { requestJson, spanJson, type SpanSource } from "./otlp";
import type { SpanExporter } from "./tracer";

/** Sends one OTLP request; says whether the collector took it. */
export type SendSpans = (json: string) => Promise<boolean>;

const flushMs = 5_000;
const flushSpans = 128;
/** When the collector stops taking them, spans beyond this are dropped and counted; the proxy goes on. */
const maxPending = 2_048;

/** Spans, gathered and sent together. Memory is bounded whatever the collector does. */
export class SpanBatch implements SpanExporter {
  /** Spans that were thrown away: too many waited, or the collector did not take them. */
  dropped = 0;
  private spans: string[] = [];
  private inFlight = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: SpanSource,
    private readonly send: SendSpans,
    /** Called when delivery begins to fail, not for every batch. */
    private readonly failed: () => void = () => undefined,
  ) {}

  export(record: RequestRecord, span: Span, name: string, client: boolean): void {
    if (this.inFlight + this.spans.length >= maxPending) {
      this.dropped++;
      return;
    }
    this.spans.push(spanJson(record, span, name, client, this.source));
    if (this.spans.length >= flushSpans) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { spans } = this;
    if (spans.length === 0) return;
    this.spans = [];
    this.inFlight += spans.length;
    void this.send(requestJson(spans, this.source)).then((taken) => {
      this.inFlight -= spans.length;
      if (taken) this.lost = false;
      else {
        this.dropped += spans.length;
        if (!this.lost) this.failed();
        this.lost = true;
      }
    });
  }
  private lost = false;
}
