/** Keys, certificates and roots, read from files and kept current. */
import { createHash, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PeerIdentity } from "../core/security";
import { identityOf, readPemCertificates, type Certificate } from "./certificate";
import type { KeyPairSource, PeerValidation, PemSource } from "./settings";
import type { TrustBundles } from "./spiffe";
import { directoriesOf, Watched, watchDirectory, type SecretIo } from "./watched";

/** A key with the certificates that go with it, leaf first. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly identity: PeerIdentity;
}

/** The roots: by trust domain, or one list for all. `pem` holds every root once. */
export interface Roots {
  readonly bundles?: TrustBundles;
  readonly list: readonly Certificate[];
  readonly pem: string;
}

/** Why a secret cannot be used; `message` names the file. */
export class SecretError extends Error {}

/** The files of this machine. */
export function systemSecretIo(warn: (message: string) => void): SecretIo {
  return {
    readFile: (path) => readFileSync(path, "utf8"),
    watchDirectory,
    after: (ms, run) => {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
    warn,
  };
}

/** Key and certificate are read together; a pair that does not match is refused. Throws SecretError at first reading. */
export function watchKeyPair(source: KeyPairSource, io: SecretIo): Watched<KeyPair> {
  const files = [source.certificate, source.privateKey];
  const directories = source.watchedDirectory ? [source.watchedDirectory] : directoriesOf(files);
  return new Watched(`the certificate ${label(source.certificate)}`, () => loadKeyPair(source, io), directories, io);
}

function loadKeyPair(source: KeyPairSource, io: SecretIo): { value: KeyPair; fingerprint: string } {
  const certificatePem = text(source.certificate, io);
  const keyPem = text(source.privateKey, io);
  const leaf = certificates(certificatePem, source.certificate)[0] as Certificate;
  let key;
  try {
    key = createPrivateKey(keyPem);
  } catch {
    throw new SecretError(`${label(source.privateKey)} holds no private key that can be read`);
  }
  if (!leaf.x509.checkPrivateKey(key))
    throw new SecretError(
      `the key ${label(source.privateKey)} does not belong to the certificate ${label(source.certificate)}`,
    );
  return { value: { certificatePem, keyPem, identity: identityOf(leaf) }, fingerprint: hash(certificatePem, keyPem) };
}

/** The roots of a validation, in their trust domains. Throws SecretError at first reading. */
export function watchRoots(validation: PeerValidation, io: SecretIo): Watched<Roots> {
  const sources = validation.trustDomains?.map((d) => d.bundle) ?? (validation.trustedCa ? [validation.trustedCa] : []);
  const what = `the trusted roots ${sources.map(label).join(", ")}`;
  return new Watched(what, () => loadRoots(validation, sources, io), directoriesOf(sources), io);
}

function loadRoots(validation: PeerValidation, sources: readonly PemSource[], io: SecretIo) {
  const texts = sources.map((source) => text(source, io));
  const lists = sources.map((source, i) => certificates(texts[i] as string, source));
  const bundles =
    validation.trustDomains && new Map(validation.trustDomains.map((d, i) => [d.name, lists[i] as Certificate[]]));
  const list = [...new Map(lists.flat().map((c) => [c.x509.fingerprint256, c])).values()];
  const value: Roots = { bundles, list, pem: list.map((c) => c.x509.toString()).join("") };
  return { value, fingerprint: hash(...texts) };
}

function certificates(pem: string, source: PemSource): Certificate[] {
  let read: Certificate[];
  try {
    read = readPemCertificates(pem);
  } catch {
    throw new SecretError(`${label(source)} holds a certificate that cannot be read`);
  }
  if (read.length === 0) throw new SecretError(`${label(source)} holds no certificate`);
  return read;
}

function text(source: PemSource, io: SecretIo): string {
  if ("inline" in source) return source.inline;
  try {
    return io.readFile(source.filename);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new SecretError(`${source.filename} cannot be read (${code})`);
  }
}

function label(source: PemSource): string {
  return "filename" in source ? source.filename : "(inline)";
}

function hash(...texts: readonly string[]): string {
  const digest = createHash("sha256");
  for (const t of texts) digest.update(`${t.length}:`).update(t);
  return digest.digest("hex");
}
