/** One HTTP/1.1 message as plain text (latin1): read by the test's own, simple eyes, not by the code under test. */
export interface Message {
  readonly start: string;
  /** Lower-case names, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

export interface Taken {
  readonly message: Message;
  readonly rest: string;
}

export function field(message: Message, name: string): string | undefined {
  const found = message.fields.filter(([n]) => n === name).map(([, value]) => value);
  return found.length === 0 ? undefined : found.join(",");
}

/** The first request of `text`; undefined until it is complete. */
export function takeRequest(text: string): Taken | undefined {
  const head = takeHead(text);
  return head && takeBody(head, framed(head.message) ? "framed" : "none");
}

/** The first response of `text` to `method`; `closed`: no more bytes will come. */
export function takeResponse(text: string, method: string, closed: boolean): Taken | undefined {
  const head = takeHead(text);
  if (head === undefined) return undefined;
  const status = statusOf(head.message);
  if (status === 101) return { message: { ...head.message, body: head.rest }, rest: "" };
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return takeBody(head, "none");
  if (framed(head.message)) return takeBody(head, "framed");
  return closed ? { message: { ...head.message, body: head.rest }, rest: "" } : undefined;
}

export function statusOf(message: Message): number {
  return Number(message.start.split(" ")[1]);
}

function framed(message: Message): boolean {
  return field(message, "content-length") !== undefined || field(message, "transfer-encoding") !== undefined;
}

function takeHead(text: string): Taken | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [start = "", ...lines] = text.slice(0, end).split("\r\n");
  return { message: { start, fields: lines.map(fieldOf), body: "", trailers: [] }, rest: text.slice(end + 4) };
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function takeBody({ message, rest }: Taken, how: "none" | "framed"): Taken | undefined {
  if (how === "none") return { message, rest };
  if (field(message, "transfer-encoding") !== undefined) return takeChunks(message, rest);
  const length = Number(field(message, "content-length"));
  if (rest.length < length) return undefined;
  return { message: { ...message, body: rest.slice(0, length) }, rest: rest.slice(length) };
}

function takeChunks(message: Message, text: string): Taken | undefined {
  let body = "";
  for (let at = 0; ;) {
    const line = text.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = parseInt(text.slice(at, line), 16);
    if (size === 0) {
      // Trailers end as a head does: an empty line.
      const tail = text.slice(line);
      const end = tail.indexOf("\r\n\r\n");
      if (end < 0) return undefined;
      const lines = tail.slice(2, end).split("\r\n");
      const trailers = end === 0 ? [] : lines.map(fieldOf);
      return { message: { ...message, body, trailers }, rest: tail.slice(end + 4) };
    }
    if (text.length < line + 2 + size + 2) return undefined;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
