import type { Socket } from "node:net";

/** What the first bytes of a connection say. */
export type FirstBytes = "tls" | "plain" | "closed";

const handshake = 0x16;

/**
 * Waits for the first byte of an unread socket, puts it back, and says whether it begins a TLS handshake. Calls back once;
 * `closed` when the peer went or sent nothing for `timeoutMs` (0: no limit).
 */
export function peek(socket: Socket, timeoutMs: number, seen: (what: FirstBytes) => void): void {
  let told = false;
  const tell = (what: FirstBytes): void => {
    if (told) return;
    told = true;
    socket.off("readable", readable);
    socket.off("error", gone);
    socket.off("close", gone);
    socket.off("timeout", gone);
    socket.setTimeout(0);
    seen(what);
  };
  const readable = (): void => {
    const data = socket.read() as Buffer | null;
    if (data === null) {
      if (socket.readableEnded || socket.destroyed) gone();
      return;
    }
    const tls = data[0] === handshake;
    socket.off("readable", readable);
    socket.unshift(data);
    tell(tls ? "tls" : "plain");
  };
  const gone = (): void => {
    tell("closed");
    socket.destroy();
  };
  socket.on("readable", readable);
  socket.on("error", gone);
  socket.on("close", gone);
  socket.on("end", () => {
    if (!told) gone();
  });
  if (timeoutMs > 0) socket.setTimeout(timeoutMs).once("timeout", gone);
}
