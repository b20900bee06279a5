/** Judges the other side after the handshake, once per connection. */
import type { TLSSocket } from "node:tls";
import type { PeerIdentity } from "../core/security";
import { identityOf, readCertificate, type Certificate } from "./certificate";
import { verifyChain } from "./chain";
import type { Roots } from "./secrets";
import type { PeerValidation, SanType } from "./settings";
import { verifySvid } from "./spiffe";

export type Judgement =
  { readonly ok: true; readonly identity: PeerIdentity } | { readonly ok: false; readonly reason: string };

/** The peer failed verification; the message says how. */
export class PeerRefused extends Error {}

/** Chain, SPIFFE rules and expected names. `chain` is what the peer sent, leaf first. Pure. */
export function judge(
  chain: readonly Certificate[],
  validation: PeerValidation,
  roots: Roots,
  role: "server" | "client",
  now: number,
): Judgement {
  const leaf = chain[0];
  if (!leaf) return { ok: false, reason: "the peer showed no certificate" };
  let identity: PeerIdentity;
  if (roots.bundles) {
    const verdict = verifySvid(chain, roots.bundles, role, now);
    if (!verdict.ok) return verdict;
    identity = verdict.identity;
  } else {
    const broken = verifyChain(leaf, chain.slice(1), roots.list, now);
    if (broken) return { ok: false, reason: broken };
    identity = identityOf(leaf);
  }
  if (validation.sans.length === 0 || validation.sans.some((t) => sansOf(leaf, t.type).some((san) => t.test(san))))
    return { ok: true, identity };
  const shown = [...leaf.uriSans, ...leaf.dnsSans].join(", ") || "none";
  return { ok: false, reason: `no subject alternative name is an expected one (found: ${shown.slice(0, 200)})` };
}

function sansOf(leaf: Certificate, type: SanType): readonly string[] {
  switch (type) {
    case "URI":
      return leaf.uriSans;
    case "DNS":
      return leaf.dnsSans;
    case "IP_ADDRESS":
      return leaf.ipSans;
    case "EMAIL":
      return leaf.emailSans;
  }
}

const maxChain = 16;

/** The certificates that the peer sent, leaf first; empty without one. Throws where one is malformed. */
export function peerChain(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = [];
  for (let x509 = socket.getPeerX509Certificate(); x509 && chain.length < maxChain; x509 = x509.issuerCertificate) {
    const raw = x509.raw;
    if (chain.some((c) => c.x509.raw.equals(raw))) break;
    chain.push(readCertificate(x509));
  }
  return chain;
}
