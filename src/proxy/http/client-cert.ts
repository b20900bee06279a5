import type { PeerIdentity } from "../core/security";
import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import type { Transport } from "../net/transport";
import type { HttpConfig } from "./config";

/**
 * x-forwarded-client-cert as Envoy treats it. What a client that proved nothing says about certificates is never
 * forwarded, except in the mode that says so.
 */
export function forwardClientCert(headers: HeaderList, transport: Transport, config: HttpConfig): void {
  const mode = config.forwardClientCert;
  if (mode === "ALWAYS_FORWARD_ONLY") return;
  const { peer } = transport;
  if (mode === "SANITIZE" || peer === undefined) return headers.remove(H.XForwardedClientCert);
  if (mode === "FORWARD_ONLY") return;
  const element = certElement(peer, transport.local, config.certDetails);
  if (mode === "SANITIZE_SET") return headers.set(H.XForwardedClientCert, element);
  const before = headers.joined(H.XForwardedClientCert);
  headers.set(H.XForwardedClientCert, before === undefined ? element : `${before},${element}`);
}

function certElement(peer: PeerIdentity, local: PeerIdentity | undefined, details: HttpConfig["certDetails"]): string {
  const parts: string[] = [];
  for (const uri of local?.uriSans ?? []) parts.push(`By=${uri}`);
  parts.push(`Hash=${peer.fingerprint}`);
  // RFC 2253 escapes quotes and backslashes itself.
  if (details.subject) parts.push(`Subject="${peer.subject}"`);
  if (details.uri) {
    for (const uri of peer.uriSans) parts.push(`URI=${uri}`);
    if (peer.uriSans.length === 0) parts.push("URI=");
  }
  if (details.dns) for (const dns of peer.dnsSans) parts.push(`DNS=${dns}`);
  return parts.join(";");
}
