/** Addresses and ranges of them, IPv4 and IPv6; an IPv4 address mapped into IPv6 is the IPv4 address. */
import { isIP, SocketAddress } from "node:net";

/** The bytes of an address, 4 or 16; undefined for what is no address. A zone is not part of it. */
export function addressBytes(text: string): readonly number[] | undefined {
  const zone = text.indexOf("%");
  const bare = zone < 0 ? text : text.slice(0, zone);
  const family = isIP(bare);
  if (family === 0) return undefined;
  if (family === 4) return bare.split(".").map(Number);
  const bytes = v6Bytes(bare);
  const mapped = bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
}

function v6Bytes(text: string): number[] {
  // Node writes an address in its one short form: hexadecimal groups, and at most one `::`.
  const short = new SocketAddress({ address: text, family: "ipv6" }).address;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(short);
  const hex = dotted === null ? short : `${dotted[1]}${group(dotted[2], dotted[3])}:${group(dotted[4], dotted[5])}`;
  const [head = "", tail] = hex.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.flatMap((g) => {
    const value = parseInt(g, 16);
    return [value >> 8, value & 255];
  });
}

const group = (high: string | undefined, low: string | undefined): string =>
  ((Number(high) << 8) | Number(low)).toString(16);

/** A range such as 10.0.0.0/8. It holds addresses of its own family only. */
export class CidrRange {
  private readonly prefix: readonly number[];
  private readonly bits: number;

  /** Bits of the prefix. */
  get length(): number {
    return this.bits;
  }

  toString(): string {
    return `${this.prefix.join(".")}/${this.bits}`;
  }

  /** Throws for users when `address` is no address, or `length` is too long for it. */
  constructor(address: string, length: number) {
    const bytes = addressBytes(address);
    if (bytes === undefined) throw new Error(`'${address}' is no IP address`);
    // Written as IPv6, a mapped range counts 96 bits more than the IPv4 range that it is.
    const mapped = address.includes(":") && bytes.length === 4;
    const bits = mapped ? length - 96 : length;
    if (bits < 0 || length > (address.includes(":") ? 128 : 32))
      throw new Error(`/${length} is no prefix length for ${address}`);
    this.prefix = bytes.map((byte, i) => byte & (0xff << Math.min(Math.max(8 * (i + 1) - bits, 0), 8)) & 0xff);
    this.bits = bits;
  }

  contains(address: readonly number[] | undefined): boolean {
    if (address === undefined || address.length !== this.prefix.length) return false;
    const whole = this.bits >> 3;
    for (let i = 0; i < whole; i++) if (address[i] !== this.prefix[i]) return false;
    const rest = this.bits & 7;
    if (rest === 0) return true;
    const mask = (0xff << (8 - rest)) & 0xff;
    return ((address[whole] as number) & mask) === ((this.prefix[whole] as number) & mask);
  }
}
