/** What a TLS client asks for in its first message (RFC 8446 §4.1.2), read before the handshake. */
export interface ClientHello {
  /** In lower case; empty without one. */
  readonly serverName: string;
  /** ALPN, in the client's order. */
  readonly protocols: readonly string[];
}

const nothing: ClientHello = { serverName: "", protocols: [] };
/** Envoy's bound for a whole hello. */
const maxBytes = 16 * 1024;

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const hostName = 0;
const protocolsExtension = 16;

/**
 * The hello at the beginning of a connection that begins with a handshake record; undefined while bytes are missing. What
 * is no hello, or one too large, asks for nothing: the handshake that follows will tell the client.
 */
export function readClientHello(bytes: Buffer): ClientHello | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  // The message may be cut into several records.
  for (let at = 0; ;) {
    if (length >= 4) {
      const message = Buffer.concat(parts);
      if (message[0] !== clientHello) return nothing;
      const size = message.readUIntBE(1, 3);
      if (size > maxBytes) return nothing;
      if (length >= 4 + size) return parse(message.subarray(4, 4 + size));
    }
    if (bytes.length < at + 5) return undefined;
    if (bytes[at] !== handshakeRecord) return nothing;
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0 || size > maxBytes) return nothing;
    const part = bytes.subarray(at + 5, at + 5 + size);
    parts.push(part);
    length += part.length;
    // The last record may be here in part, and the message be whole all the same.
    if (part.length < size && !whole(parts, length)) return undefined;
    at += 5 + part.length;
  }
}

function whole(parts: readonly Buffer[], length: number): boolean {
  if (length < 4) return false;
  return length >= 4 + Buffer.concat(parts).readUIntBE(1, 3);
}

function parse(body: Buffer): ClientHello {
  try {
    const hello = new Cursor(body);
    hello.take(2 + 32);
    hello.vector(1);
    hello.vector(2);
    hello.vector(1);
    if (hello.left === 0) return nothing;
    const extensions = new Cursor(hello.vector(2));
    let serverName = "";
    let protocols: readonly string[] = [];
    while (extensions.left > 0) {
      const type = extensions.number(2);
      const data = new Cursor(extensions.vector(2));
      if (type === serverNameExtension) serverName = nameIn(new Cursor(data.vector(2)));
      else if (type === protocolsExtension) protocols = protocolsIn(new Cursor(data.vector(2)));
    }
    return { serverName, protocols };
  } catch (error) {
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

function nameIn(list: Cursor): string {
  while (list.left > 0) {
    const type = list.number(1);
    const name = list.vector(2);
    if (type === hostName) return name.toString("latin1").toLowerCase();
  }
  return "";
}

function protocolsIn(list: Cursor): readonly string[] {
  const found: string[] = [];
  while (list.left > 0) found.push(list.vector(1).toString("latin1"));
  return found;
}

/** Reads on; throws RangeError beyond the end. */
class Cursor {
  private at = 0;
  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(count: number): Buffer {
    if (count > this.left) throw new RangeError("the message ends early");
    return this.bytes.subarray(this.at, (this.at += count));
  }

  number(width: number): number {
    return this.take(width).readUIntBE(0, width);
  }

  /** Bytes behind their own length. */
  vector(width: number): Buffer {
    return this.take(this.number(width));
  }
}
