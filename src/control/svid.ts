import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";

/** ECDSA P-256 everywhere: the curve that SPIFFE implementations share, and the fastest for short-lived leaves. */
export const KEY: webcrypto.EcKeyGenParams & { readonly hash: string } = {
  name: "ECDSA",
  namedCurve: "P-256",
  hash: "SHA-256",
};

/** A certificate's private key as PKCS #8 PEM. */
export async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

/** A fresh key and the request that asks to have it certified for `spiffeId`. The key stays with the caller. */
export async function signingRequest(spiffeId: string): Promise<{ csr: string; privateKey: string }> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    keys,
    signingAlgorithm: KEY,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "url", value: spiffeId }], true)],
  });
  return { csr: csr.toString("pem"), privateKey: await privatePem(keys.privateKey) };
}

/** A SPIFFE ID's parts, or undefined where it breaks the rules of SPIFFE-ID §2: no port, query, fragment or dot segment. */
export function parseSpiffeId(id: string): { readonly trustDomain: string; readonly path: string } | undefined {
  if (id.length > 2048) return undefined;
  const match = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)*)$/.exec(id);
  if (match === null) return undefined;
  const [, trustDomain = "", path = ""] = match;
  return path.split("/").some((segment) => segment === "." || segment === "..") ? undefined : { trustDomain, path };
}
