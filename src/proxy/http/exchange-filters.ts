import { Flag } from "../core/flags";
import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import type { Runtime } from "../core/runtime";
import { TimerEntry } from "../core/wheel";
import { FilterChain, Verdict, type FilteredExchange, type HttpFilter, type Metadata } from "../filters/filter";
import { Framing } from "../http1/parser";
import type { Transport } from "../net/transport";
import type { RouteAction } from "../routing/action";
import type { Cluster } from "../upstream/cluster";
import { State } from "./exchange-record";
import { ExchangeResponse } from "./exchange-response";

/** Ends an exchange that lives too long, whatever it does. */
class StreamDeadline extends TimerEntry {
  constructor(private readonly exchange: ExchangeFilters) {
    super();
  }
  fire(): void {
    this.exchange.onStreamDeadline();
  }
}

/** Ends an exchange whose request takes too long to come. */
class ReceiveDeadline extends TimerEntry {
  constructor(private readonly exchange: ExchangeFilters) {
    super();
  }
  fire(): void {
    this.exchange.onReceiveDeadline();
  }
}

/** The filters of one exchange: run in order, stopped and resumed, undone when it ends. */
export abstract class ExchangeFilters extends ExchangeResponse implements FilteredExchange {
  private readonly streamDeadline = new StreamDeadline(this);
  private readonly receiveDeadline = new ReceiveDeadline(this);
  protected chain: FilterChain = FilterChain.none;
  private filterAt = 0;
  /** The filter whose delay runs. */
  private delaying: HttpFilter | null = null;
  /** A filter wants the whole request before the next runs. */
  private buffering = false;
  bufferLimitBytes = 0;
  dynamicMetadata: Record<string, unknown> | undefined;
  corsOrigin = "";
  activeFaults: { release(): void } | null = null;
  clientIp = "";

  get runtime(): Runtime {
    return this.context.runtime;
  }
  get transport(): Transport {
    return this.downstream.transport;
  }
  get clusters(): ReadonlyMap<string, Cluster> {
    return this.context.clusterMap;
  }
  get serverName(): string {
    return this.downstream.transport.serverName;
  }
  get routeMetadata(): Metadata | undefined {
    return this.route?.metadata;
  }

  /** All filters let it through. */
  protected abstract act(): void;
  protected abstract setTarget(target: string): void;

  protected armStreamDeadline(action: RouteAction | undefined): void {
    const own = action?.kind === "forward" ? action.maxStreamDuration : undefined;
    let limit = own?.limit ?? this.config.maxStreamDuration;
    if (own?.grpcHeaderMax !== undefined) limit = grpcLimit(this.headers, own.grpcHeaderMax) ?? limit;
    if (limit > 0) this.context.runtime.wheel.start(this.streamDeadline, limit);
  }

  onStreamDeadline(): void {
    this.config.stats.downstream_rq_max_duration_reached++;
    this.flags |= Flag.DurationTimeout;
    this.connection = null;
    this.attempt.cancel(0);
    this.details = "max_duration_timeout";
    if (this.responded) return this.abort();
    this.reply(
      this.requestComplete ? 504 : 408,
      "downstream duration timeout",
      Flag.DurationTimeout,
      "max_duration_timeout",
    );
  }

  protected armReceiving(): void {
    const { requestTimeout } = this.config;
    if (requestTimeout > 0 && !this.requestComplete && this.state !== State.Free)
      this.context.runtime.wheel.start(this.receiveDeadline, requestTimeout);
  }

  onReceiveDeadline(): void {
    this.config.stats.downstream_rq_timeout++;
    this.connection = null;
    this.attempt.cancel(0);
    this.details = "request_overall_timeout";
    if (this.responded) return this.abort();
    this.reply(408, "request timeout", Flag.None, "request_overall_timeout");
  }

  setQuery(query: string): void {
    this.setTarget(query === "" ? this.pathname : `${this.pathname}?${query}`);
  }

  flag(bits: number): void {
    this.flags |= bits;
  }

  protected runFilters(): void {
    const { request } = this.chain;
    while (this.filterAt < request.length) {
      const verdict = (request[this.filterAt++] as HttpFilter).onRequest?.(this) ?? Verdict.Continue;
      if (verdict !== Verdict.Continue && !this.goesOn(verdict)) return;
    }
    this.act();
  }

  /** False when the exchange waits or was answered. */
  private goesOn(verdict: Verdict): boolean {
    if (verdict === Verdict.Replied) return false;
    if (verdict === Verdict.Stop) {
      this.state = State.Stopped;
      // One who reads on hears of a client that goes away.
      if (!this.requestComplete) this.downstream.pauseBody();
      return false;
    }
    this.buffering = true;
    if (this.tooLarge()) return false;
    if (this.requestComplete) {
      this.buffered();
      return true;
    }
    this.state = State.Stopped;
    if (this.awaitsContinue) {
      this.awaitsContinue = false;
      this.downstream.sendContinue();
    }
    return false;
  }

  private tooLarge(): boolean {
    if (!this.buffering || this.requestBytes <= this.bufferLimitBytes) return false;
    this.reply(413, "Payload Too Large", Flag.None, "request_payload_too_large");
    return true;
  }

  /** The whole request is here: its length is known. */
  private buffered(): void {
    this.buffering = false;
    if (this.framing !== Framing.Chunked) return;
    this.framing = Framing.Length;
    this.headers.set(H.ContentLength, String(this.requestBytes));
  }

  protected override waitingLimit(): number {
    return this.buffering ? Math.max(this.bufferLimitBytes, this.config.bufferLimit) : this.config.bufferLimit;
  }

  override onRequestData(data: Buffer, start: number, end: number): void {
    super.onRequestData(data, start, end);
    if (this.buffering && this.state === State.Stopped) this.tooLarge();
  }

  override onRequestEnd(): void {
    this.receiveDeadline.stop();
    super.onRequestEnd();
    if (!this.buffering || this.state !== State.Stopped) return;
    this.buffered();
    this.state = State.New;
    this.runFilters();
  }

  waits(generation: number): boolean {
    return generation === this.generation && this.state === State.Stopped;
  }

  resume(generation: number): void {
    if (!this.waits(generation)) return;
    this.state = State.New;
    this.downstream.resumeBody();
    if (this.waitsNoMore()) this.runFilters();
  }

  /** Reading on may have ended the exchange. */
  private waitsNoMore(): boolean {
    return this.state === State.New;
  }

  delay(ms: number, filter: HttpFilter): void {
    this.delaying = filter;
    this.context.runtime.wheel.start(this.tryDeadline, ms);
  }

  override onTryDeadline(): void {
    if (this.state !== State.Stopped) return super.onTryDeadline();
    const { delaying, generation } = this;
    this.delaying = null;
    if ((delaying?.onDelayOver?.(this) ?? Verdict.Continue) === Verdict.Continue) this.resume(generation);
  }

  protected override filterResponse(headers: HeaderList): void {
    for (const filter of this.chain.response) filter.onResponse?.(this, headers);
  }

  protected override release(): void {
    super.release();
    this.streamDeadline.stop();
    this.receiveDeadline.stop();
    this.chain = FilterChain.none;
    this.filterAt = this.bufferLimitBytes = 0;
    this.delaying = null;
    this.buffering = false;
    this.dynamicMetadata = undefined;
    this.corsOrigin = this.clientIp = "";
    this.activeFaults?.release();
    this.activeFaults = null;
  }
}

const grpcUnits: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The client's own deadline, at most `max` (0: any); undefined when it names none. */
function grpcLimit(headers: HeaderList, max: number): number | undefined {
  const found = /^(\d{1,8})([HMSmun])$/.exec(headers.get(H.GrpcTimeout) ?? "");
  if (found === null) return undefined;
  const ms = Math.max(1, Number(found[1]) * (grpcUnits[found[2] as string] as number));
  return max > 0 ? Math.min(ms, max) : ms;
}
