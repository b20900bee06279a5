import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as a collector got it, from either of OTLP's forms over HTTP. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly nanos: number;
  /** Of its status; 0 where it has none. */
  readonly code: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes spans on loopback. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const collector: Collector = new Collector(
      createServer((request, answer) => {
        const pieces: Buffer[] = [];
        request.on("data", (piece: Buffer) => pieces.push(piece));
        request.on("end", () => {
          const body = Buffer.concat(pieces);
          const json = request.headers["content-type"] === "application/json";
          if (request.url !== "/v1/traces") return void answer.writeHead(404).end();
          collector.spans.push(...(json ? fromJson(body.toString()) : fromBytes(body)));
          answer.writeHead(200).end();
        });
      }),
    );
    await new Promise<void>((resolve) => collector.server.listen(0, "127.0.0.1", resolve));
    return collector;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

interface JsonSpan extends Pick<CollectedSpan, "traceId" | "spanId" | "name" | "kind"> {
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
}
interface JsonRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[] }[];
}

const fromJson = (text: string): CollectedSpan[] =>
  (JSON.parse(text) as JsonRequest).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId = "", traceState = "", status, attributes, ...span }) => ({
        ...span,
        parentSpanId,
        traceState,
        nanos: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)),
        code: status?.code ?? 0,
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])),
      })),
    ),
  );

/** Values of each field of a protobuf message by its number: bytes, or whole numbers. */
class Fields {
  private readonly values = new Map<number, (Buffer | bigint)[]>();
  constructor(data: Buffer) {
    let at = 0;
    const varint = (): bigint => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const byte = data[at++] ?? 0;
        value |= BigInt(byte & 127) << shift;
        if (byte < 128) return value;
      }
    };
    while (at < data.length) {
      const tag = Number(varint());
      const type = tag & 7;
      let value: Buffer | bigint;
      if (type === 0) value = varint();
      else if (type === 2) {
        const length = Number(varint());
        value = data.subarray(at, at + length);
        at += length;
      } else {
        value = type === 1 ? data.readBigUInt64LE(at) : BigInt(data.readUInt32LE(at));
        at += type === 1 ? 8 : 4;
      }
      this.values.set(tag >> 3, [...(this.values.get(tag >> 3) ?? []), value]);
    }
  }
  private all(field: number): (Buffer | bigint)[] {
    return this.values.get(field) ?? [];
  }
  messages(field: number): Fields[] {
    return this.all(field).flatMap((value) => (Buffer.isBuffer(value) ? [new Fields(value)] : []));
  }
  bytes(field: number): Buffer {
    const [value] = this.all(field);
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  }
  number(field: number): bigint {
    const [value] = this.all(field);
    return typeof value === "bigint" ? value : 0n;
  }
}

/** ExportTraceServiceRequest, by the numbers of opentelemetry/proto/trace/v1/trace.proto. */
const fromBytes = (data: Buffer): CollectedSpan[] =>
  new Fields(data)
    .messages(1)
    .flatMap((resource) => resource.messages(2).flatMap((scope) => scope.messages(2)))
    .map((span) => ({
      traceId: span.bytes(1).toString("hex"),
      spanId: span.bytes(2).toString("hex"),
      traceState: span.bytes(3).toString(),
      parentSpanId: span.bytes(4).toString("hex"),
      name: span.bytes(5).toString(),
      kind: Number(span.number(6)),
      nanos: Number(span.number(8) - span.number(7)),
      attributes: Object.fromEntries(
        span.messages(9).map((pair) => [pair.bytes(1).toString(), pair.messages(2)[0]?.bytes(1).toString() ?? ""]),
      ),
      code: Number(span.messages(15)[0]?.number(3) ?? 0n),
    }));
