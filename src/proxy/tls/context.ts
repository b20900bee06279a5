/** What node:tls is given, on both sides. */
import { constants } from "node:crypto";
import { DEFAULT_CIPHERS, type SecureContextOptions } from "node:tls";
import type { KeyPair, Roots } from "./secrets";
import type { TlsSettings } from "./settings";

/** Options of a SecureContext. Without roots nothing is trusted: Node's default would be the public CAs. */
export function contextOptions(
  settings: TlsSettings,
  pair: KeyPair | undefined,
  roots: Roots | undefined,
): SecureContextOptions {
  return {
    ...(pair && { cert: pair.certificatePem, key: pair.keyPem }),
    ca: roots ? roots.pem : [],
    minVersion: settings.minVersion ?? "TLSv1.2",
    maxVersion: settings.maxVersion ?? "TLSv1.3",
    ciphers: [...tls13, ...(settings.cipherSuites.length > 0 ? settings.cipherSuites : older)].join(":"),
    // No resumption: every connection proves its identity by a whole handshake, against the roots of today.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}

/** Envoy's cipher_suites speak of TLS 1.2 and below; those of 1.3 are always on, AES-128 first as it prefers it. */
const tls13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
/** Node's own choice for TLS 1.2 and below. */
const older = DEFAULT_CIPHERS.split(":").filter((name) => !tls13.includes(name));
