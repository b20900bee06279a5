/** What TLS is asked to do, as plain data. xds/compile-tls.ts makes it from Envoy's messages. */

/** A PEM text: a file, or the text itself. */
export type PemSource = { readonly filename: string } | { readonly inline: string };

export interface KeyPairSource {
  readonly certificate: PemSource;
  readonly privateKey: PemSource;
  /** The directory to watch; default: those of the files. Inline text is never watched. */
  readonly watchedDirectory?: string;
}

export type SanType = "URI" | "DNS" | "IP_ADDRESS" | "EMAIL";

export interface SanTest {
  readonly type: SanType;
  test(value: string): boolean;
}

/** How the peer's certificate is judged. */
export interface PeerValidation {
  /** Roots by trust domain: the peer shows an X.509-SVID of one of these domains. */
  readonly trustDomains?: readonly { readonly name: string; readonly bundle: PemSource }[];
  /** Roots for any certificate; used where `trustDomains` is absent. */
  readonly trustedCa?: PemSource;
  /** One of them must match one SAN of the peer; empty: any identity that the roots vouch for. */
  readonly sans: readonly SanTest[];
}

export interface TlsSettings {
  /** Equal keys are equal settings, SAN tests included. */
  readonly key: string;
  readonly keyPair?: KeyPairSource;
  readonly alpn: readonly string[];
  /** Default: TLSv1.2 to TLSv1.3, as Envoy. */
  readonly minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  /** OpenSSL names, for TLS up to 1.2. Empty: Node's default. */
  readonly cipherSuites: readonly string[];
}

export interface DownstreamSettings extends TlsSettings {
  readonly keyPair: KeyPairSource;
  /** Absent: clients are asked for no certificate. */
  readonly validation?: PeerValidation;
  readonly requireClientCertificate: boolean;
  /** Milliseconds for the handshake; 0 or absent: Node's 120 s. */
  readonly handshakeTimeoutMs?: number;
}

export interface UpstreamSettings extends TlsSettings {
  readonly validation: PeerValidation;
  /** Empty: none is sent. */
  readonly sni: string;
}
