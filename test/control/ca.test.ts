import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { CertificateAuthority, RefusedRequest } from "../../src/control/ca";
import { parseSpiffeId, signingRequest } from "../../src/control/svid";

const ID = "spiffe://cluster.local/ns/shop/sa/cart";
const NOW = Date.UTC(2030, 0, 2);
const create = (): Promise<CertificateAuthority> =>
  CertificateAuthority.create({ trustDomain: "cluster.local", svidLifetimeMs: 3_600_000, now: () => NOW });

describe("an X.509-SVID", () => {
  test("holds one URI SAN, critical for want of a subject, and what SPIFFE asks of a leaf", async () => {
    const ca = await create();
    const { csr } = await signingRequest(ID);
    const leaf = new x509.X509Certificate(await ca.sign(csr, ID));
    expect(leaf.subject).toBe("");
    const san = leaf.getExtension(x509.SubjectAlternativeNameExtension);
    expect(san?.critical).toBe(true);
    expect(san?.names.toJSON()).toEqual([{ type: "url", value: ID }]);
    const usage = leaf.getExtension(x509.KeyUsagesExtension);
    expect([usage?.critical, usage?.usages]).toEqual([true, x509.KeyUsageFlags.digitalSignature]);
    expect(leaf.getExtension(x509.BasicConstraintsExtension)?.ca).toBe(false);
    expect(leaf.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([
      x509.ExtendedKeyUsage.serverAuth,
      x509.ExtendedKeyUsage.clientAuth,
    ]);
  });

  test("chains to the root, fits the workload's key and lives as long as asked", async () => {
    const ca = await create();
    const { csr, privateKey } = await signingRequest(ID);
    const leaf = new X509Certificate(await ca.sign(csr, ID));
    const root = new X509Certificate(ca.roots);
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(Date.parse(leaf.validTo)).toBe(NOW + 3_600_000);
    expect(root.ca).toBe(true);
  });

  test("never outlives the root", async () => {
    const ca = await CertificateAuthority.create({
      trustDomain: "cluster.local",
      svidLifetimeMs: 10_000_000,
      rootLifetimeMs: 5_000_000,
      now: () => NOW,
    });
    const { csr } = await signingRequest(ID);
    expect(Date.parse(new X509Certificate(await ca.sign(csr, ID)).validTo)).toBe(NOW + 5_000_000);
  });
});

describe("the CA refuses", () => {
  const refused = async (csr: string, id: string): Promise<string> => {
    const ca = await create();
    try {
      await ca.sign(csr, id);
    } catch (error) {
      if (error instanceof RefusedRequest) return error.message;
      throw error;
    }
    return "signed";
  };

  test("a request that names another identity", async () => {
    const { csr } = await signingRequest("spiffe://cluster.local/ns/shop/sa/admin");
    expect(await refused(csr, ID)).toMatch(/another identity/);
  });

  test("an identity of another trust domain, or of none", async () => {
    for (const id of ["spiffe://other/ns/shop/sa/cart", "spiffe://cluster.local", "https://cluster.local/x"]) {
      const { csr } = await signingRequest(id);
      expect(await refused(csr, id)).toMatch(/no workload of trust domain/);
    }
  });

  test("what is no signing request", async () => {
    expect(await refused("hello", ID)).toMatch(/not a PKCS #10/);
  });

  test("a request whose signature is another key's", async () => {
    const { csr } = await signingRequest(ID);
    const der = Buffer.from(new x509.Pkcs10CertificateRequest(csr).rawData);
    der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1;
    expect(await refused(x509.PemConverter.encode(der, "CERTIFICATE REQUEST"), ID)).toMatch(/not signed by the key/);
  });

  test("a key of another kind", async () => {
    const algorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const csr = await x509.Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: algorithm });
    expect(await refused(csr.toString("pem"), ID)).toMatch(/not ECDSA P-256/);
  });
});

test("a SPIFFE ID has a trust domain and plain path segments, nothing else", () => {
  expect(parseSpiffeId(ID)).toEqual({ trustDomain: "cluster.local", path: "/ns/shop/sa/cart" });
  for (const bad of [
    "spiffe://Cluster.local/a",
    "spiffe://a:1/b",
    "spiffe://a/b?c",
    "spiffe://a/b#c",
    "spiffe://a//b",
    "spiffe://a/b/",
    "spiffe://a/../b",
    "spiffe:///b",
    "http://a/b",
    `spiffe://a/${"x".repeat(2048)}`,
  ])
    expect(parseSpiffeId(bad)).toBeUndefined();
});
