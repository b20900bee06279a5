import type { RequestObserver, RequestRecord } from "../core/view";
import type { LogSink } from "./log-sink";

/** Writes one line for each request that the filter lets through. */
export class AccessLogger implements RequestObserver {
  constructor(
    private readonly format: (record: RequestRecord) => string,
    private readonly sink: LogSink,
    private readonly wanted: (record: RequestRecord) => boolean = () => true,
  ) {}

  onRequest(record: RequestRecord): void {
    if (this.wanted(record)) this.sink.write(this.format(record));
  }
}
