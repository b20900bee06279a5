import type { Model, MtlsMode } from "../../model/model";

/**
 * Where proxies find their certificates. Settings of `spec.backends.appmesh`: `certificates` is `file` (default) or
 * `sds` (SPIRE's agent); `certificateChain`, `privateKey` and `trustChain` are the file paths. mTLS cannot use ACM
 * certificates (aws-app-mesh-roadmap#258), so they are not offered here.
 */
function sources(model: Model, spiffeId: string): { certificate: object; trust: object } {
  const settings = model.backends.appmesh?.settings ?? {};
  if (settings.certificates === "sds")
    return {
      certificate: { sds: { secretName: spiffeId } },
      trust: { sds: { secretName: `spiffe://${model.trustDomain}` } },
    };
  return {
    certificate: {
      file: {
        certificateChain: settings.certificateChain ?? "/etc/meshup/identity.pem",
        privateKey: settings.privateKey ?? "/etc/meshup/identity.key",
      },
    },
    trust: { file: { certificateChain: settings.trustChain ?? "/etc/meshup/roots.pem" } },
  };
}

const spiffe = (principal: string): string => `spiffe://${principal}`;

/** The listener's side; nothing where the mode is DISABLE, which is App Mesh's default as well. */
export function listenerTls(model: Model, mode: MtlsMode, principal: string): object {
  if (mode === "DISABLE") return {};
  const { certificate, trust } = sources(model, spiffe(principal));
  return { tls: { mode, certificate, validation: { trust } } };
}

/** The client's side toward one backend: its certificate is asked for, and its name is held to the callee's identities. */
export function clientTls(model: Model, mode: MtlsMode, own: string, callee: readonly string[]): object {
  if (mode === "DISABLE") return {};
  const { certificate, trust } = sources(model, spiffe(own));
  return {
    clientPolicy: {
      tls: {
        enforce: true,
        certificate,
        validation: { trust, subjectAlternativeNames: { match: { exacts: callee.map(spiffe) } } },
      },
    },
  };
}
