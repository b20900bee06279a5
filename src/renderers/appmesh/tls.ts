import { effectiveMtls, principalsOf } from "../../model/lookup";
import type { ExternalService, Leaf, Listener, Model, MtlsMode, Service } from "../../model/model";
import { versionsOrNone } from "../shares";

/** Where Amazon Linux, which App Mesh's Envoy image is made of, keeps the public roots. */
const PUBLIC_ROOTS = "/etc/pki/tls/cert.pem";

/**
 * Where proxies find their certificates. Settings of `spec.backends.appmesh`: `certificates` is `file` (default) or
 * `sds` (SPIRE's agent); `certificateChain`, `privateKey` and `trustChain` are the file paths. mTLS cannot use ACM
 * certificates (aws-app-mesh-roadmap#258), so they are not offered here.
 */
function own(model: Model, principal: string): object {
  const settings = model.backends.appmesh?.settings ?? {};
  if (settings.certificates === "sds") return { sds: { secretName: spiffe(principal) } };
  return {
    file: {
      certificateChain: settings.certificateChain ?? "/etc/meshup/identity.pem",
      privateKey: settings.privateKey ?? "/etc/meshup/identity.key",
    },
  };
}
function trust(model: Model): object {
  const settings = model.backends.appmesh?.settings ?? {};
  return settings.certificates === "sds"
    ? { sds: { secretName: `spiffe://${model.trustDomain}` } }
    : { file: { certificateChain: settings.trustChain ?? "/etc/meshup/roots.pem" } };
}
const spiffe = (principal: string): string => `spiffe://${principal}`;
const names = (exacts: readonly string[]): object => ({ subjectAlternativeNames: { match: { exacts } } });

/** A certificate that the mesh names: a file of that name, or a secret where SDS serves them. */
function named(model: Model, name: Leaf<string>): object {
  if (model.backends.appmesh?.settings.certificates === "sds" || typeof name !== "string")
    return { sds: { secretName: name } };
  return { file: { certificateChain: `/etc/meshup/${name}.pem`, privateKey: `/etc/meshup/${name}.key` } };
}

/** The listener's side; nothing where the mode is DISABLE, which is App Mesh's default as well. */
export const listenerTls = (model: Model, mode: MtlsMode, principal: string): object =>
  mode === "DISABLE" ? {} : { tls: { mode, certificate: own(model, principal), validation: { trust: trust(model) } } };

/** A gateway's: a certificate of ACM, known by its ARN, or one that the mesh names; clients are asked under MUTUAL. */
export function gatewayTls(model: Model, { tls }: Listener): object {
  if (tls?.certificateRef === undefined) return {};
  const acm = typeof tls.certificateRef !== "string" || tls.certificateRef.startsWith("arn:");
  return {
    tls: {
      mode: "STRICT",
      certificate: acm ? { acm: { certificateArn: tls.certificateRef } } : named(model, tls.certificateRef),
      ...(tls.mode === "MUTUAL" && { validation: { trust: trust(model) } }),
    },
  };
}

/**
 * The client's side toward what `reached` come to: its certificate is asked for, and its name is one of theirs. Only
 * ports that speak TLS are meant, whether named as clients or as endpoints know them.
 */
export function clientPolicy(model: Model, principal: string, reached: readonly Service[]): object {
  const ports = reached.flatMap((service) =>
    service.ports.map((port) => ({
      numbers: [port.port, port.targetPort],
      plain: versionsOrNone(service).every((version) => effectiveMtls(model, service, port, version) === "DISABLE"),
    })),
  );
  const plain = new Set(ports.flatMap((port) => (port.plain ? port.numbers : [])));
  const encrypted = [...new Set(ports.flatMap((port) => (port.plain ? [] : port.numbers)))];
  if (encrypted.length === 0) return {};
  const identities = [...new Set(reached.flatMap((service) => principalsOf(model, service)))].map(spiffe);
  return {
    clientPolicy: {
      tls: {
        enforce: true,
        ...(plain.size > 0 && { ports: encrypted.filter((port) => !plain.has(port)) }),
        certificate: own(model, principal),
        validation: { trust: trust(model), ...names(identities) },
      },
    },
  };
}

/** TLS to what lies outside, held to its public name. */
export function originationPolicy(model: Model, { tls }: ExternalService): object {
  if (tls === undefined) return {};
  return {
    clientPolicy: {
      tls: {
        enforce: true,
        ...(tls.certificateRef !== undefined && { certificate: named(model, tls.certificateRef) }),
        validation: {
          trust: { file: { certificateChain: tls.caCertificates ?? PUBLIC_ROOTS } },
          ...(tls.sni !== undefined && names([tls.sni])),
        },
      },
    },
  };
}
