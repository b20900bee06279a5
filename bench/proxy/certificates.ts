import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import type { Certificates } from "./config";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const TRUST_DOMAIN = "bench.example";
const ID = `spiffe://${TRUST_DOMAIN}/ns/bench/sa/bench`;

/** One root and one X.509-SVID under it, valid for an hour, as files; client, proxy and upstream all show that one. */
export async function writeCertificates(dir: string): Promise<Certificates> {
  const crypto = webcrypto;
  x509.cryptoProvider.set(crypto);
  const caKeys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const keys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + 3_600_000);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=bench root",
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.SubjectAlternativeNameExtension([{ type: "url", value: `spiffe://${TRUST_DOMAIN}` }]),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "CN=bench",
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]),
      new x509.SubjectAlternativeNameExtension([{ type: "url", value: ID }]),
    ],
  });
  const paths = { ca: join(dir, "roots.pem"), cert: join(dir, "identity.pem"), key: join(dir, "identity.key") };
  writeFileSync(paths.ca, ca.toString("pem"));
  writeFileSync(paths.cert, leaf.toString("pem"));
  writeFileSync(
    paths.key,
    x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY"),
    { mode: 0o600 },
  );
  return { ...paths, trustDomain: TRUST_DOMAIN, peer: ID };
}
