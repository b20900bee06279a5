import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { identityOf, readCertificate } from "../../../src/proxy/tls/certificate";
import { distinguishedName } from "../../../src/proxy/tls/distinguished-name";
import { TestCa } from "../support/certs";

/** DER of one element, short lengths only. */
const der = (tag: number, ...parts: (Buffer | number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.from([tag, body.length, ...body]);
};
const commonName = [0x06, 3, 0x55, 4, 3];
const name = (tag: number, value: Buffer | number[], id: number[] = commonName): string =>
  distinguishedName(der(0x31, der(0x30, id, der(tag, value))));
const utf8 = (text: string): string => name(12, Buffer.from(text));

test.each([
  ["plain text", "CN=plain text"],
  ['a, "b" \\ c', 'CN=a\\, \\"b\\" \\\\ c'],
  ["a+b<c>d;e=f#", "CN=a\\+b\\<c\\>d\\;e=f#"],
  ["#first", "CN=\\#first"],
  [" both ", "CN=\\ both\\ "],
  [" ", "CN=\\ "],
  ["Ö\n\x7f", "CN=\\C3\\96\\0A\\7F"],
  ["", "CN="],
])("%j is written %j", (value, text) => expect(utf8(value)).toBe(text));

test("every string type becomes UTF-8; what is no string, or has no name, is shown as its bytes", () => {
  expect(name(19, Buffer.from("printable"))).toBe("CN=printable");
  expect(name(20, [0xd6])).toBe("CN=\\C3\\96");
  expect(name(30, [0x00, 0x41, 0x20, 0xac])).toBe("CN=A\\E2\\82\\AC");
  expect(name(28, [0, 1, 0xf6, 0])).toBe("CN=\\F0\\9F\\98\\80");
  expect(name(30, [1, 2, 3])).toBe("CN=#1E03010203");
  expect(name(2, [7])).toBe("CN=#020107");
  expect(name(12, Buffer.from("x"), [0x06, 3, 0x2a, 3, 4])).toBe("1.2.3.4=#0C0178");
});

test("the most specific part comes first, and so in parts of several attributes", async () => {
  const { cert } = await (await TestCa.create()).leaf({ subject: "C=DE,O=a+OU=b,CN=c" });
  expect(identityOf(readCertificate(new X509Certificate(cert))).subject).toBe("CN=c,OU=b+O=a,C=DE");
});

test("a name that is none is refused", () => {
  expect(() => distinguishedName(der(0x30, der(0x30, commonName)))).toThrow("malformed");
  expect(() => distinguishedName(der(0x31, der(0x30, commonName)))).toThrow("malformed");
});
