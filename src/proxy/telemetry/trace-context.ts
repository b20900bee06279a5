/** W3C Trace Context, level 1: the `traceparent` header. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The context, or undefined where the header breaks the rules: such a trace is begun anew, not mended. */
export function parseTraceparent(header: string): TraceContext | undefined {
  const m = traceparent.exec(header);
  if (!m) return undefined;
  const [, version, traceId, spanId, flags, more] = m as unknown as [string, string, string, string, string, string?];
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** A span below `parent`, or the first of a new trace. `randomHex` gives that many bytes as hexadecimal digits. */
export function childOf(
  parent: TraceContext | undefined,
  sampled: boolean,
  randomHex: (bytes: number) => string,
): TraceContext {
  return {
    traceId: parent?.traceId ?? notZero(randomHex(16)),
    spanId: notZero(randomHex(8)),
    sampled: parent?.sampled ?? sampled,
  };
}

/** All zero is forbidden; chance gives it once in 2^64. */
function notZero(hex: string): string {
  return /^0+$/.test(hex) ? hex.replace(/.$/, "1") : hex;
}
