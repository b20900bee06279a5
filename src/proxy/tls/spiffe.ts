/** X.509-SVID validation as the SPIFFE standards say it, and SPIFFE IDs. Pure. */
import { identityOf, KeyUsage, Purpose, type Certificate } from "./certificate";
import { verifyChain } from "./chain";
import type { PeerIdentity } from "../core/security";

export interface SpiffeId {
  readonly trustDomain: string;
  /** Empty, or beginning with a slash. */
  readonly path: string;
}

const maxIdBytes = 2048;

/** The parts of a SPIFFE ID, or the reason why the text is none. */
export function parseSpiffeId(text: string): SpiffeId | { readonly error: string } {
  if (text.length > maxIdBytes) return { error: `is longer than ${maxIdBytes} bytes` };
  const m = /^spiffe:\/\/([^/]*)(.*)$/s.exec(text);
  if (!m) return { error: "does not begin with spiffe://" };
  const [trustDomain, path] = [m[1] as string, m[2] as string];
  if (!/^[a-z0-9._-]{1,255}$/.test(trustDomain))
    return { error: "has a trust domain other than 1 to 255 of a-z, 0-9, dot, dash and underscore" };
  for (const segment of path.split("/").slice(1)) {
    if (segment === "") return { error: "has an empty path segment" };
    if (segment === "." || segment === "..") return { error: "has a relative path segment" };
    if (!/^[a-zA-Z0-9._-]+$/.test(segment)) return { error: "has a path with characters that are not allowed" };
  }
  return { trustDomain, path };
}

/** Roots by trust domain. A root vouches for its own trust domain alone. */
export type TrustBundles = ReadonlyMap<string, readonly Certificate[]>;

export type Verdict =
  | { readonly ok: true; readonly id: SpiffeId; readonly identity: PeerIdentity }
  | { readonly ok: false; readonly reason: string };

/**
 * Judges a peer's chain, leaf first: exactly one URI SAN, a SPIFFE ID with a path; leaf not a CA and no signer; extended key
 * usage, where it is there, fit for the peer's role; and a chain to a root of the ID's own trust domain.
 */
export function verifySvid(
  chain: readonly Certificate[],
  bundles: TrustBundles,
  role: "server" | "client",
  now: number,
): Verdict {
  const leaf = chain[0];
  if (!leaf) return refused("the peer showed no certificate");
  if (leaf.uriSans.length !== 1)
    return refused(`the certificate has ${leaf.uriSans.length} URI SANs; an X.509-SVID has exactly one`);
  const uri = leaf.uriSans[0] as string;
  const id = parseSpiffeId(uri);
  if ("error" in id) return refused(`the URI SAN ${printable(uri)} ${id.error}`);
  if (id.path === "") return refused(`${printable(uri)} names a trust domain, not a workload`);
  const unfit = unfitLeaf(leaf, role);
  if (unfit) return refused(unfit);
  const roots = bundles.get(id.trustDomain);
  if (!roots) return refused(`trust domain ${id.trustDomain} is not trusted here`);
  const broken = verifyChain(leaf, chain.slice(1), roots, now);
  if (broken) return refused(`${uri}: ${broken} of trust domain ${id.trustDomain}`);
  return { ok: true, id, identity: identityOf(leaf) };
}

function unfitLeaf(leaf: Certificate, role: "server" | "client"): string | undefined {
  if (leaf.isCa) return "the certificate is a CA's";
  const usage = leaf.keyUsage ?? 0;
  if ((usage & KeyUsage.keyCertSign) !== 0) return "the certificate may sign certificates (keyCertSign)";
  if ((usage & KeyUsage.crlSign) !== 0) return "the certificate may sign revocation lists (cRLSign)";
  const purposes = leaf.extendedKeyUsage;
  if (purposes && !purposes.includes(Purpose[role]) && !purposes.includes(Purpose.any))
    return `the certificate's extended key usage does not allow a ${role}`;
  return undefined;
}

function refused(reason: string): Verdict {
  return { ok: false, reason };
}

function printable(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
