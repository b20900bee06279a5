import { readPemCertificates } from "../../../src/proxy/tls/certificate";
import { parseSpiffeId, verifySvid, type TrustBundles } from "../../../src/proxy/tls/spiffe";
import { ExtendedKeyUsage, KeyUsage, TestCa, type Issued, type LeafOptions } from "../support/certs";

const id = "spiffe://example.org/ns/a/sa/b";
let ca: TestCa;
let other: TestCa;
let bundles: TrustBundles;

beforeAll(async () => {
  ca = await TestCa.create("example.org");
  other = await TestCa.create("other.example");
  bundles = new Map([
    ["example.org", readPemCertificates(ca.pem)],
    ["other.example", readPemCertificates(other.pem)],
  ]);
});

function verdict(issued: Issued, now = Date.now(), trusted = bundles) {
  return verifySvid(readPemCertificates(issued.cert), trusted, "client", now);
}

async function reasonFor(options: LeafOptions, from = ca): Promise<string> {
  const result = verdict(await from.leaf(options));
  return result.ok ? "accepted" : result.reason;
}

describe("an X.509-SVID", () => {
  test("of the trust domain's own root is accepted, with its identity", async () => {
    const result = verdict(await ca.svid(id, undefined, { subject: "CN=b,O=shop", dns: ["b.shop"] }));
    expect(result).toMatchObject({
      ok: true,
      id: { trustDomain: "example.org", path: "/ns/a/sa/b" },
      identity: { uriSans: [id], dnsSans: ["b.shop"] },
    });
    expect(result.ok && result.identity.subject).toBe("O=shop,CN=b");
    expect(result.ok && result.identity.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is accepted over intermediates, which it brings along", async () => {
    const deep = await (await ca.intermediate("one")).intermediate("two");
    expect(verdict(await deep.svid(id)).ok).toBe(true);
  });

  test("with a missing intermediate leads to no root", async () => {
    const leaf = await (await ca.intermediate()).svid(id);
    const first = readPemCertificates(leaf.cert).slice(0, 1);
    expect(verifySvid(first, bundles, "client", Date.now())).toMatchObject({ ok: false, reason: /no chain/ as never });
  });

  test("below an intermediate whose path length is used up is refused", async () => {
    const deep = await (await ca.intermediate("one", 0)).intermediate("two");
    expect(verdict(await deep.svid(id)).ok).toBe(false);
  });

  test("signed by the root of another trust domain is refused", async () => {
    expect(await reasonFor({ uris: [id] }, other)).toMatch(
      /no chain leads to a trusted root of trust domain example.org/,
    );
  });

  test("of a trust domain that is not trusted here is refused", async () => {
    expect(await reasonFor({ uris: ["spiffe://else.where/a"] })).toMatch(/trust domain else.where is not trusted/);
  });

  test("with no or two URI SANs is refused", async () => {
    expect(await reasonFor({ dns: ["b"] })).toMatch(/has 0 URI SANs/);
    expect(await reasonFor({ uris: [id, `${id}2`] })).toMatch(/has 2 URI SANs/);
  });

  test("that is a CA, or may sign certificates or revocation lists, is refused", async () => {
    expect(await reasonFor({ uris: [id], ca: true })).toMatch(/CA's/);
    expect(await reasonFor({ uris: [id], keyUsage: KeyUsage.keyCertSign })).toMatch(/keyCertSign/);
    expect(await reasonFor({ uris: [id], keyUsage: KeyUsage.cRLSign })).toMatch(/cRLSign/);
  });

  test("whose extended key usage does not fit the role is refused, one without is accepted", async () => {
    expect(await reasonFor({ uris: [id], extendedKeyUsage: [ExtendedKeyUsage.serverAuth] })).toMatch(/client/);
    expect(await reasonFor({ uris: [id], extendedKeyUsage: [] })).toBe("accepted");
  });

  test("is refused before and after its time", async () => {
    const leaf = await ca.svid(id);
    expect(verdict(leaf, Date.now() + 2 * 86_400_000)).toMatchObject({ ok: false });
    expect(verdict(leaf, Date.now() - 2 * 86_400_000)).toMatchObject({ ok: false });
  });

  test("without a path names no workload", async () => {
    expect(await reasonFor({ uris: ["spiffe://example.org"] })).toMatch(/names a trust domain/);
  });
});

describe("a SPIFFE ID", () => {
  test.each(["spiffe://example.org/a/b-c_d.e", "spiffe://a", "spiffe://0.-_/X"])("%s is one", (text) =>
    expect(parseSpiffeId(text)).not.toHaveProperty("error"),
  );

  test.each([
    "https://example.org/a",
    "spiffe:/example.org/a",
    "spiffe:///a",
    "spiffe://Example.org/a",
    "spiffe://example.org:80/a",
    "spiffe://user@example.org/a",
    "spiffe://example.org/",
    "spiffe://example.org/a/",
    "spiffe://example.org//a",
    "spiffe://example.org/a/../b",
    "spiffe://example.org/./a",
    "spiffe://example.org/a?b",
    "spiffe://example.org/a#b",
    "spiffe://example.org/a%41",
    "spiffe://example.org/é",
    "spiffe://example.org/a\n",
    `spiffe://${"a".repeat(256)}/a`,
    `spiffe://example.org/${"a".repeat(2048)}`,
  ])("%j is none", (text) => expect(parseSpiffeId(text)).toHaveProperty("error"));
});
