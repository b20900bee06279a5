/** What a certificate says about its holder, read from its DER: node:crypto shows SANs as one string, and no key usage. */
import { X509Certificate } from "node:crypto";
import type { PeerIdentity } from "../core/security";
import { elements, objectId, only } from "./der";
import { distinguishedName, subjectOf } from "./distinguished-name";

export interface Certificate {
  readonly x509: X509Certificate;
  /** basicConstraints CA:TRUE. */
  readonly isCa: boolean;
  /** How many intermediates may follow; undefined: any. */
  readonly pathLength: number | undefined;
  /** Bit n is keyUsage bit n of RFC 5280 (0 digitalSignature, 5 keyCertSign, 6 cRLSign); undefined without the extension. */
  readonly keyUsage: number | undefined;
  /** Object identifiers; undefined without the extension. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly uriSans: readonly string[];
  readonly dnsSans: readonly string[];
  readonly ipSans: readonly string[];
  readonly emailSans: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
}

export const KeyUsage = { keyCertSign: 1 << 5, crlSign: 1 << 6 } as const;
export const Purpose = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2", any: "2.5.29.37.0" } as const;

const sequence = 0x30;
const bitString = 0x03;
const octetString = 0x04;
const integer = 0x02;
const boolean = 0x01;
const oid = 0x06;
const extensionsTag = 0xa3;
const generalName = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

/** Reads a certificate. Throws where its DER is malformed or an extension occurs twice. */
export function readCertificate(x509: X509Certificate): Certificate {
  const extensions = extensionsOf(x509.raw);
  const constraints = basicConstraints(extensions.get("2.5.29.19"));
  const sans = subjectAltNames(extensions.get("2.5.29.17"));
  return {
    x509,
    ...constraints,
    keyUsage: keyUsage(extensions.get("2.5.29.15")),
    extendedKeyUsage: extendedKeyUsage(extensions.get("2.5.29.37")),
    ...sans,
    validFrom: Date.parse(x509.validFrom),
    validTo: Date.parse(x509.validTo),
  };
}

/** The certificates of a PEM text, in order. Throws where one of them cannot be read. */
export function readPemCertificates(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => readCertificate(new X509Certificate(block)));
}

export function identityOf(certificate: Certificate): PeerIdentity {
  const { x509, uriSans, dnsSans, validTo } = certificate;
  return {
    uriSans,
    dnsSans,
    subject: distinguishedName(subjectOf(x509.raw)),
    fingerprint: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    validTo,
  };
}

function extensionsOf(der: Buffer): Map<string, Buffer> {
  const tbs = elements(only(der, sequence))[0];
  const block = tbs && elements(tbs.body).find((e) => e.tag === extensionsTag);
  const extensions = new Map<string, Buffer>();
  if (!block) return extensions;
  for (const extension of elements(only(block.body, sequence))) {
    const [id, ...rest] = elements(extension.body);
    const value = rest.at(-1);
    if (id?.tag !== oid || value?.tag !== octetString) throw new Error("an extension of the certificate is malformed");
    const name = objectId(id.body);
    if (extensions.has(name)) throw new Error(`the certificate has extension ${name} twice`);
    extensions.set(name, value.body);
  }
  return extensions;
}

function basicConstraints(der: Buffer | undefined): { isCa: boolean; pathLength: number | undefined } {
  const parts = der ? elements(only(der, sequence)) : [];
  const length = parts.find((e) => e.tag === integer);
  return {
    isCa: parts.some((e) => e.tag === boolean && e.body[0] !== 0),
    pathLength: length && length.body.length <= 4 ? length.body.readIntBE(0, length.body.length) : undefined,
  };
}

function keyUsage(der: Buffer | undefined): number | undefined {
  if (!der) return undefined;
  const bits = only(der, bitString).subarray(1);
  let usage = 0;
  for (let n = 0; n < bits.length * 8 && n < 16; n++)
    if (((bits[n >> 3] as number) & (0x80 >> (n & 7))) !== 0) usage |= 1 << n;
  return usage;
}

function extendedKeyUsage(der: Buffer | undefined): string[] | undefined {
  return der && elements(only(der, sequence)).map((e) => objectId(e.body));
}

function subjectAltNames(der: Buffer | undefined) {
  const names = der ? elements(only(der, sequence)) : [];
  const text = (tag: number) => names.filter((n) => n.tag === tag).map((n) => n.body.toString("latin1"));
  const ipSans = names.filter((n) => n.tag === generalName.ip).map((n) => ipText(n.body));
  return { uriSans: text(generalName.uri), dnsSans: text(generalName.dns), emailSans: text(generalName.email), ipSans };
}

function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join(".");
  const groups = Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return groups.join(":");
}
