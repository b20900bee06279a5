import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import { randomHex, type Random } from "../core/random";
import type { Span } from "../core/span";
import type { RequestObserver, RequestRecord } from "../core/view";
import { parseTraceparent, formatTraceparent, childOf } from "./trace-context";

/** Shares of the requests, in their units of Envoy: hundredths for `client`, ten thousandths for the others. */
export interface Sampling {
  readonly client: number;
  readonly random: number;
  readonly overall: number;
}

/** Takes finished spans. Must not throw, and is bounded. */
export interface SpanExporter {
  export(record: RequestRecord, span: Span, name: string, client: boolean): void;
}

/** Where a UUID says why its request is traced: the digit that says its version, in Envoy's letters. */
const reasonAt = 14;
const reasons = { sampled: "9", forced: "a", client: "b", none: "4" } as const;
const uuidLength = 36;

/**
 * Spans as Envoy makes them: one a request, sampled by its `x-request-id`, so that every proxy on its way decides alike;
 * below the client's `traceparent` where one came, whose flag must be set too.
 */
export class Tracer implements RequestObserver {
  constructor(
    private readonly sampling: Sampling,
    /** Requests leave a workload here, rather than reach one. */
    private readonly outbound: boolean,
    /** Absent: contexts are handed on, and spans go nowhere. */
    private readonly exporter: SpanExporter | undefined,
  ) {}

  /** Decides about a request, and marks its id by it. Undefined: it has a `traceparent` that cannot be read, and keeps it. */
  begin(headers: HeaderList, random: Random): Span | undefined {
    const sampled = this.decide(headers, random);
    const header = headers.get(H.Traceparent);
    const parent = header === undefined ? undefined : parseTraceparent(header);
    if (header !== undefined && parent === undefined) return undefined;
    const { traceId, spanId } = childOf(parent, sampled, randomHex);
    const state = parent === undefined ? "" : (headers.joined(H.Tracestate) ?? "");
    return { traceId, spanId, parentId: parent?.spanId ?? "", sampled: sampled && parent?.sampled !== false, state };
  }

  /** What the upstream is told. */
  inject(span: Span, headers: HeaderList): void {
    headers.set(H.Traceparent, formatTraceparent(span));
    if (span.state === "") headers.remove(H.Tracestate);
    else headers.set(H.Tracestate, span.state);
  }

  onRequest(record: RequestRecord): void {
    const { span } = record;
    if (span?.sampled !== true) return;
    this.exporter?.export(record, span, this.outbound ? `egress ${record.authority}` : "ingress", this.outbound);
  }

  private decide(headers: HeaderList, random: Random): boolean {
    const id = headers.get(H.XRequestId) ?? "";
    const number = Number.parseInt(/^[0-9a-f]{8}/i.exec(id)?.[0] ?? "", 16);
    // Without an id that can be read there is nothing to decide by.
    if (Number.isNaN(number)) return false;
    const share = number % 10_000;
    const { client, random: some, overall } = this.sampling;
    let reason = id.length === uuidLength ? (id[reasonAt] as string) : reasons.none;
    if (reason !== reasons.sampled && reason !== reasons.forced && reason !== reasons.client) {
      if (headers.lookup("x-client-trace-id") !== undefined && random.below(100) < client) reason = reasons.client;
      else if (share < some) reason = reasons.sampled;
      else return false;
      mark(headers, id, reason);
    }
    if (share < overall) return true;
    mark(headers, id, reasons.none);
    return false;
  }
}

function mark(headers: HeaderList, id: string, reason: string): void {
  if (id.length === uuidLength) headers.set(H.XRequestId, id.slice(0, reasonAt) + reason + id.slice(reasonAt + 1));
}
