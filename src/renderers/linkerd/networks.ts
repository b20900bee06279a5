/** An address with its mask length, as bits. */
interface Block {
  readonly bits: string;
  readonly length: number;
}

const binary = (value: number, width: number): string => value.toString(2).padStart(width, "0");
const ipv4 = (address: string): string =>
  address
    .split(".")
    .map((part) => binary(Number(part), 8))
    .join("");
function ipv6(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
  const bits = (list: readonly string[]): string =>
    list.map((group) => (group.includes(".") ? ipv4(group) : binary(parseInt(group, 16), 16))).join("");
  const [first, last] = [bits(groups(head)), bits(groups(tail ?? ""))];
  return `${first}${"0".repeat(Math.max(0, 128 - first.length - last.length))}${last}`;
}
function blockOf(cidr: string): Block {
  const [address = "", length] = cidr.split("/");
  const bits = address.includes(":") ? ipv6(address) : ipv4(address);
  return { bits, length: length === undefined ? bits.length : Number(length) };
}

/** Is all of `inner` in `outer`? */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [blockOf(inner), blockOf(outer)];
  return a.bits.length === b.bits.length && a.length >= b.length && a.bits.startsWith(b.bits.slice(0, b.length));
}

export interface Network {
  readonly cidr: string;
  readonly except?: readonly string[];
}
const ANYWHERE = ["0.0.0.0/0", "::/0"];

/** Networks less what is left out, in the form that the webhook takes: an exception lies within its network. */
export function networksOf(blocks: readonly string[], excluded: readonly string[]): readonly Network[] {
  return (blocks.length === 0 ? ANYWHERE : blocks).flatMap((cidr): Network[] => {
    if (excluded.some((block) => within(cidr, block))) return [];
    const except = excluded.filter((block) => within(block, cidr));
    return [{ cidr, ...(except.length > 0 && { except }) }];
  });
}
