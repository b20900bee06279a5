/** A request's place in a trace. */
export interface Span {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits: of what the proxy itself does. */
  readonly spanId: string;
  /** The span that the client named; empty for the first of a trace. */
  readonly parentId: string;
  readonly sampled: boolean;
  /** `tracestate` as the client sent it: handed on. */
  readonly state: string;
}
