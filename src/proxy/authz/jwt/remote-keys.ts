import type { FilteredExchange } from "../../filters/filter";
import { fetchText, type FetchTarget } from "../../http/side-request";
import { KeySet } from "./keys";
import type { KeySource } from "./provider";

/** Keys fetched from their issuer when they are first needed, and again when they are old. */
export class RemoteKeys implements KeySource {
  private known: KeySet | undefined;
  private validUntil = -Infinity;
  /** One fetch for all requests that wait. */
  private pending: Promise<KeySet | undefined | "failed"> | undefined;

  constructor(
    private readonly target: FetchTarget,
    private readonly cacheMs: number,
    private readonly retries: number,
  ) {}

  keys(request: FilteredExchange): KeySet | undefined | Promise<KeySet | undefined | "failed"> {
    if (request.runtime.clock.now() < this.validUntil) return this.known;
    this.pending ??= this.fetch(request).finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async fetch({ runtime, clusters }: FilteredExchange): Promise<KeySet | undefined | "failed"> {
    for (let attempt = 0; attempt <= this.retries; attempt++) {
      const text = await fetchText(this.target, clusters);
      if (text === undefined) continue;
      const keys = KeySet.parse(text);
      // A document without keys is not kept: the next request asks again.
      if (keys === undefined) return "failed";
      this.known = keys;
      this.validUntil = runtime.clock.now() + this.cacheMs;
      return keys;
    }
    return "failed";
  }
}
