/** What a filter says: go on; wait for `resume`; or it has answered already. */
export const enum Verdict {
  Continue,
  Stop,
  Replied,
}

/** What filters may see and do. `generation` names the exchange's present life for callbacks that come later. */
export interface FilteredExchange {
  readonly generation: number;
  readonly method: string;
  readonly pathname: string;
  readonly query: string;
  readonly authority: string;
  reply(status: number, body: string, flags: number, details: string): void;
  resume(generation: number): void;
}

/** One HTTP filter of a chain, shared by all requests: it keeps no state of one request. */
export interface HttpFilter {
  readonly name: string;
  onRequest(exchange: FilteredExchange): Verdict;
}
