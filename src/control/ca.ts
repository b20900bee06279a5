import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { randomBytes, webcrypto } from "node:crypto";
import { KEY, parseSpiffeId } from "./svid";

export interface CaOptions {
  readonly trustDomain: string;
  /** How long a workload's certificate is valid. Default one hour. */
  readonly svidLifetimeMs?: number;
  /** How long the root is valid. Default one year. */
  readonly rootLifetimeMs?: number;
  /** Milliseconds since 1970. Default the system clock. */
  readonly now?: () => number;
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** Clocks of one mesh may differ by this much. */
const SKEW_MS = 60_000;

/** A signing request that the CA does not certify, with the reason. */
export class RefusedRequest extends Error {}

/** A positive 16-byte serial number, unguessable as CA/Browser Forum's baseline asks. */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
};

/**
 * A small certificate authority for one trust domain: a self-signed root whose key never leaves this process, and
 * short-lived X.509-SVIDs for keys that never leave their workloads.
 */
export class CertificateAuthority {
  private constructor(
    private readonly options: Required<CaOptions>,
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly root: x509.X509Certificate,
  ) {}

  static async create(given: CaOptions): Promise<CertificateAuthority> {
    const options = { svidLifetimeMs: HOUR_MS, rootLifetimeMs: YEAR_MS, now: Date.now, ...given };
    const keys = await webcrypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
    const at = options.now();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      keys,
      serialNumber: serialNumber(),
      name: [{ O: ["meshup"] }, { CN: [`${options.trustDomain} root`] }],
      notBefore: new Date(at - SKEW_MS),
      notAfter: new Date(at + options.rootLifetimeMs),
      signingAlgorithm: KEY,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        new x509.SubjectAlternativeNameExtension([{ type: "url", value: `spiffe://${options.trustDomain}` }], false),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(options, keys, root);
  }

  /** The trust bundle, PEM. */
  get roots(): string {
    return `${this.root.toString("pem")}\n`;
  }

  /**
   * Certifies the request's key for `spiffeId`, whatever names the request holds besides.
   * @throws RefusedRequest where the request is not one, is not signed by its own key, asks for another identity or
   * brings a key that is not ECDSA P-256.
   */
  async sign(csrPem: string, spiffeId: string): Promise<string> {
    const id = parseSpiffeId(spiffeId);
    if (id === undefined || id.trustDomain !== this.options.trustDomain || id.path === "")
      throw new RefusedRequest(`${spiffeId} is no workload of trust domain ${this.options.trustDomain}`);
    const csr = await this.checked(csrPem, spiffeId);
    const at = this.options.now();
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      issuer: this.root.subject,
      publicKey: csr.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: KEY,
      notBefore: new Date(at - SKEW_MS),
      notAfter: new Date(Math.min(at + this.options.svidLifetimeMs, this.root.notAfter.getTime())),
      extensions: [
        // Without a subject the only name is the SAN, so it is critical (RFC 5280 §4.2.1.6).
        new x509.SubjectAlternativeNameExtension([{ type: "url", value: spiffeId }], true),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        await x509.SubjectKeyIdentifierExtension.create(csr.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.keys.publicKey),
      ],
    });
    return `${leaf.toString("pem")}\n`;
  }

  private async checked(csrPem: string, spiffeId: string): Promise<x509.Pkcs10CertificateRequest> {
    let csr: x509.Pkcs10CertificateRequest;
    try {
      csr = new x509.Pkcs10CertificateRequest(csrPem);
    } catch {
      throw new RefusedRequest("not a PKCS #10 signing request in PEM");
    }
    const { algorithm } = csr.publicKey;
    if (algorithm.name !== KEY.name || (algorithm as webcrypto.EcKeyAlgorithm).namedCurve !== KEY.namedCurve)
      throw new RefusedRequest("the key is not ECDSA P-256");
    if (!(await csr.verify())) throw new RefusedRequest("the request is not signed by the key it brings");
    const asked = csr.extensions.flatMap((extension) =>
      extension instanceof x509.SubjectAlternativeNameExtension ? extension.names.toJSON() : [],
    );
    if (asked.some((name) => name.type !== "url" || name.value !== spiffeId))
      throw new RefusedRequest(`the request names another identity than ${spiffeId}`);
    return csr;
  }
}
