import type { Socket } from "node:net";
import { readClientHello, type ClientHello } from "../tls/client-hello";

/** What the first bytes of a connection say; a hello where it was wanted. */
export type FirstBytes = "plain" | "tls" | ClientHello | "late" | "closed";

const handshake = 0x16;

/**
 * Waits for the first byte of an unread socket, or where `wantsHello` for the whole first message of a TLS client, puts the
 * bytes back, and says what they are. Calls back once: `late` when they did not come within `timeoutMs` (0: no limit),
 * `closed` when the peer went.
 */
export function peek(socket: Socket, timeoutMs: number, wantsHello: boolean, seen: (what: FirstBytes) => void): void {
  let told = false;
  let bytes: Buffer | undefined;
  const tell = (what: FirstBytes): void => {
    if (told) return;
    told = true;
    socket.off("readable", readable);
    socket.off("error", gone);
    socket.off("close", gone);
    socket.off("timeout", late);
    socket.setTimeout(0);
    if (bytes !== undefined && !socket.destroyed) socket.unshift(bytes);
    seen(what);
  };
  const readable = (): void => {
    const data = socket.read() as Buffer | null;
    if (data === null) {
      if (socket.readableEnded || socket.destroyed) gone();
      return;
    }
    bytes = bytes === undefined ? data : Buffer.concat([bytes, data]);
    if (bytes[0] !== handshake) return tell("plain");
    const hello = wantsHello ? readClientHello(bytes) : "tls";
    if (hello !== undefined) tell(hello);
  };
  const gone = (): void => {
    bytes = undefined;
    tell("closed");
    socket.destroy();
  };
  const late = (): void => tell("late");
  socket.on("readable", readable);
  socket.on("error", gone);
  socket.on("close", gone);
  socket.on("end", () => {
    if (!told) gone();
  });
  if (timeoutMs > 0) socket.setTimeout(timeoutMs).once("timeout", late);
}
