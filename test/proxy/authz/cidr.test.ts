import { addressBytes, CidrRange } from "../../../src/proxy/authz/cidr";

const holds = (range: string, address: string): boolean => {
  const [prefix = "", length] = range.split("/");
  return new CidrRange(prefix, Number(length)).contains(addressBytes(address));
};

test("a range holds the addresses that share its first bits", () => {
  expect(holds("10.0.0.0/8", "10.255.0.1")).toBe(true);
  expect(holds("10.0.0.0/8", "11.0.0.0")).toBe(false);
  expect(holds("10.1.2.128/25", "10.1.2.127")).toBe(false);
  expect(holds("10.1.2.128/25", "10.1.2.200")).toBe(true);
  expect(holds("10.1.2.3/32", "10.1.2.3")).toBe(true);
  expect(holds("0.0.0.0/0", "255.1.2.3")).toBe(true);
  expect(holds("2001:db8::/33", "2001:db8:7fff::1")).toBe(true);
  expect(holds("2001:db8::/33", "2001:db8:8000::1")).toBe(false);
  expect(holds("::1/128", "0:0:0:0:0:0:0:1")).toBe(true);
});

test("an IPv4 address mapped into IPv6 is the IPv4 address, however it is written", () => {
  for (const address of ["::ffff:10.0.0.1", "::ffff:a00:1", "::FFFF:0a00:0001", "0:0:0:0:0:ffff:10.0.0.1"])
    expect(addressBytes(address)).toEqual([10, 0, 0, 1]);
  expect(holds("10.0.0.0/8", "::ffff:10.0.0.1")).toBe(true);
  expect(holds("::ffff:10.0.0.0/104", "10.9.9.9")).toBe(true);
  expect(holds("::/0", "10.0.0.1")).toBe(false);
  expect(holds("0.0.0.0/0", "2001:db8::1")).toBe(false);
});

test("what is no address is in no range, and makes none", () => {
  for (const text of ["", "10.0.0", "10.0.0.256", "a.example", "1::2::3", "10.0.0.1:80"]) {
    expect(addressBytes(text)).toBeUndefined();
    expect(holds("0.0.0.0/0", text)).toBe(false);
  }
  expect(addressBytes("fe80::1%eth0")?.length).toBe(16);
  expect(() => new CidrRange("a.example", 8)).toThrow("'a.example' is no IP address");
  expect(() => new CidrRange("10.0.0.0", 33)).toThrow("/33 is no prefix length for 10.0.0.0");
});
