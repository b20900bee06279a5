/** Builds a path from a leaf to a root (RFC 5280, the part that matters between workloads). Pure: time is passed in. */
import { KeyUsage, type Certificate } from "./certificate";

const maxLength = 10;

/**
 * Undefined when a chain of valid signatures leads from `leaf` over `intermediates` to one of `roots`, else the reason.
 * Roots are trusted by being in the list, as trust anchors; their own signature is not checked, their dates are.
 */
export function verifyChain(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  now: number,
): string | undefined {
  const outdated = outsideValidity(leaf, now);
  if (outdated) return `the certificate ${outdated}`;
  return leadsToRoot(leaf, 0, new Set(), intermediates, roots, now) ? undefined : "no chain leads to a trusted root";
}

function leadsToRoot(
  certificate: Certificate,
  below: number,
  used: Set<Certificate>,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  now: number,
): boolean {
  const mayIssue = (issuer: Certificate) =>
    !outsideValidity(issuer, now) && isIssuer(issuer, below) && hasSigned(issuer, certificate);
  if (roots.some(mayIssue)) return true;
  if (below >= maxLength) return false;
  for (const issuer of intermediates) {
    if (used.has(issuer) || issuer === certificate || !mayIssue(issuer)) continue;
    used.add(issuer);
    if (leadsToRoot(issuer, below + 1, used, intermediates, roots, now)) return true;
  }
  return false;
}

/** `below` is how many intermediates stand between this issuer and the leaf. */
function isIssuer(issuer: Certificate, below: number): boolean {
  if (!issuer.isCa) return false;
  if (issuer.pathLength !== undefined && below > issuer.pathLength) return false;
  return issuer.keyUsage === undefined || (issuer.keyUsage & KeyUsage.keyCertSign) !== 0;
}

function hasSigned(issuer: Certificate, certificate: Certificate): boolean {
  try {
    return certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    return false; // A key of a type that cannot verify has signed nothing.
  }
}

function outsideValidity(certificate: Certificate, now: number): string | undefined {
  if (now < certificate.validFrom) return `is not valid before ${certificate.x509.validFrom}`;
  if (now > certificate.validTo) return `expired at ${certificate.x509.validTo}`;
  return undefined;
}
