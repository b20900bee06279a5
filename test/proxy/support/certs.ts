import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As `keyUsage` and `extendedKeyUsage` of a leaf want them. */
export const KeyUsage = x509.KeyUsageFlags;
export const ExtendedKeyUsage = x509.ExtendedKeyUsage;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

export interface LeafOptions {
  /** URI SANs; a SPIFFE identity has one. */
  readonly uris?: readonly string[];
  readonly dns?: readonly string[];
  /** basicConstraints CA:TRUE on the leaf. */
  readonly ca?: boolean;
  readonly keyUsage?: x509.KeyUsageFlags;
  readonly extendedKeyUsage?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly subject?: string;
}

export interface Issued {
  /** PEM, leaf first, then the intermediates. */
  readonly cert: string;
  readonly key: string;
  /** The files of `cert` and `key`, where a directory was given. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority for tests: real keys, real signatures. */
export class TestCa {
  private constructor(
    readonly pem: string,
    private readonly certificate: x509.X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
    /** The chain below the root, for leaves of an intermediate. */
    private readonly chain: string,
  ) {}

  static async create(name = "root"): Promise<TestCa> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 365 * day),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new TestCa(certificate.toString("pem"), certificate, keys, "");
  }

  /** A CA signed by this one. `pathLength` limits how many may follow. */
  async intermediate(name = "intermediate", pathLength?: number): Promise<TestCa> {
    const keys = await newKeys();
    const certificate = await this.sign(keys.publicKey, `CN=${name}`, new Date(Date.now() + 30 * day), [
      new x509.BasicConstraintsExtension(true, pathLength, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ]);
    const pem = certificate.toString("pem");
    return new TestCa(this.pem, certificate, keys, `${pem}\n${this.chain}`);
  }

  /** A leaf with one SPIFFE ID. */
  svid(id: string, dir?: string, options: LeafOptions = {}): Promise<Issued> {
    return this.leaf({ uris: [id], ...options }, dir);
  }

  /** Any leaf, odd ones included. Written to `identity.pem` and `identity.key` of `dir` where given. */
  async leaf(options: LeafOptions, dir?: string): Promise<Issued> {
    const keys = await newKeys();
    const names: x509.JsonGeneralNames = [
      ...(options.uris ?? []).map((value) => ({ type: "url" as const, value })),
      ...(options.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ];
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    const usage = [...(options.extendedKeyUsage ?? [serverAuth, clientAuth])];
    const extensions = [
      new x509.BasicConstraintsExtension(options.ca ?? false, undefined, true),
      new x509.KeyUsagesExtension(options.keyUsage ?? x509.KeyUsageFlags.digitalSignature, true),
      ...(usage.length > 0 ? [new x509.ExtendedKeyUsageExtension(usage)] : []),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ];
    const notAfter = options.notAfter ?? new Date(Date.now() + day);
    const subject = options.subject ?? "CN=workload";
    const leaf = await this.sign(keys.publicKey, subject, notAfter, extensions, options.notBefore);
    const cert = `${leaf.toString("pem")}\n${this.chain}`;
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
    const files = { certFile: dir ? join(dir, "identity.pem") : "", keyFile: dir ? join(dir, "identity.key") : "" };
    if (dir) {
      writeFileSync(files.certFile, cert);
      writeFileSync(files.keyFile, key);
    }
    return { cert, key, ...files };
  }

  private sign(
    publicKey: webcrypto.CryptoKey,
    subject: string,
    notAfter: Date,
    extensions: x509.Extension[],
    notBefore = new Date(Date.now() - day),
  ): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: this.certificate.subject,
      notBefore,
      notAfter,
      signingKey: this.keys.privateKey,
      publicKey,
      signingAlgorithm: algorithm,
      extensions,
    });
  }
}

/** A new directory for files of one test, removed by the function that comes with it. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "meshup-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** Positive, as RFC 5280 wants serial numbers. */
function serial(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex")}`;
}
