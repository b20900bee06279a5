import { Hook, Verdict, type FilteredExchange, type HttpFilter } from "./filter";

/** Takes in the whole request before any of it goes on; 413 when it is too large. */
export class BufferFilter implements HttpFilter {
  readonly hooks = Hook.Request;

  constructor(
    readonly name: string,
    private readonly maxBytes: number,
  ) {}

  onRequest(exchange: FilteredExchange): Verdict {
    exchange.bufferLimitBytes = this.maxBytes;
    return Verdict.Buffer;
  }
}
