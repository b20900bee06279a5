/** What Node's buffers have and its types do not tell: decoding without the detour over an encoding's name. */
interface Latin1Sliceable {
  latin1Slice(start: number, end: number): string;
}

/** The bytes from `start` to `end` as text, one character a byte. An owned copy. */
export function latin1(data: Buffer, start: number, end: number): string {
  return (data as unknown as Latin1Sliceable).latin1Slice(start, end);
}
