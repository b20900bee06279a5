/** An unsigned 64-bit number as two 32-bit halves, changed in place: hashing allocates nothing. */
export class U64 {
  constructor(
    public hi = 0,
    public lo = 0,
  ) {}

  set(hi: number, lo: number): this {
    this.hi = hi >>> 0;
    this.lo = lo >>> 0;
    return this;
  }

  copy(other: U64): this {
    this.hi = other.hi;
    this.lo = other.lo;
    return this;
  }

  add(hi: number, lo: number): this {
    const low = this.lo + (lo >>> 0);
    this.hi = (this.hi + hi + (low > 0xffff_ffff ? 1 : 0)) >>> 0;
    this.lo = low >>> 0;
    return this;
  }

  xor(hi: number, lo: number): this {
    this.hi = (this.hi ^ hi) >>> 0;
    this.lo = (this.lo ^ lo) >>> 0;
    return this;
  }

  /** The low 64 bits of the product. */
  multiply(hi: number, lo: number): this {
    const a = this.lo & 0xffff;
    const b = this.lo >>> 16;
    const c = lo & 0xffff;
    const d = lo >>> 16;
    const ac = a * c;
    const ad = a * d;
    const bc = b * c;
    const middle = (ac >>> 16) + (ad & 0xffff) + (bc & 0xffff);
    const carried = b * d + (ad >>> 16) + (bc >>> 16) + (middle >>> 16);
    this.hi = (carried + Math.imul(this.lo, hi) + Math.imul(this.hi, lo)) >>> 0;
    this.lo = ((middle << 16) | (ac & 0xffff)) >>> 0;
    return this;
  }

  /** Rotates left by 1 to 31 bits. */
  rotate(bits: number): this {
    const { hi, lo } = this;
    this.hi = ((hi << bits) | (lo >>> (32 - bits))) >>> 0;
    this.lo = ((lo << bits) | (hi >>> (32 - bits))) >>> 0;
    return this;
  }

  /** XOR with itself shifted right by 1 to 63 bits. */
  fold(bits: number): this {
    const { hi, lo } = this;
    if (bits >= 32) return this.xor(0, hi >>> (bits - 32));
    return this.xor(hi >>> bits, (lo >>> bits) | (hi << (32 - bits)));
  }

  /** Remainder by a whole number of at most 2²⁴. */
  modulo(n: number): number {
    return ((this.hi % n) * (0x1_0000_0000 % n) + this.lo) % n;
  }
}
