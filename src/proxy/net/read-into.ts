import { Socket } from "node:net";

export interface ReadOptions {
  readonly buffer: Uint8Array;
  /** Gets what was read, lent until it returns. */
  callback(length: number, data: Uint8Array): boolean;
}

/**
 * Node's own places for the `onread` option of a socket. tls.Server has no such option, so it is set afterwards: a new
 * buffer for each read, and its way through a stream, cost a tenth of all CPU under TLS.
 */
const symbols = Object.getOwnPropertySymbols(new Socket());
const named = (name: string): symbol | undefined => symbols.find(({ description }) => description === name);
const [bufferPlace, callbackPlace] = [named("kBuffer"), named("kBufferCb")];

interface Handled {
  readonly _handle: { useUserBuffer?(buffer: Uint8Array): void } | null;
}

/**
 * Lets a socket that nobody reads yet read into a buffer of ours from now on. False where this node has no way for it, or
 * where bytes are here already: the caller then reads by events.
 */
export function readInto(socket: Socket, { buffer, callback }: ReadOptions): boolean {
  const { _handle: handle } = socket as unknown as Handled;
  if (bufferPlace === undefined || callbackPlace === undefined || socket.readableLength > 0) return false;
  if (typeof handle?.useUserBuffer !== "function") return false;
  Object.assign(socket, { [bufferPlace]: buffer, [callbackPlace]: callback });
  handle.useUserBuffer(buffer);
  return true;
}
