import { podLabelsOf, selects } from "../../model/lookup";
import {
  keyOf,
  type Listener,
  type Model,
  type Service,
  type Target,
  type TlsVersion,
  type Version,
} from "../../model/model";
import { Kept } from "../kept";
import { extension, type Message } from "./envoy";
import type { Placement, ProxyPlacement } from "./placement";

/** Whether a policy's target takes in the pods of this version. */
export function targets(target: Target, service: Service, version: Version): boolean {
  if (target.namespace !== service.namespace) return false;
  if (target.service !== undefined) return keyOf(target.service) === keyOf(service);
  return target.selector === undefined || selects(target.selector, podLabelsOf(service, version));
}

const tlsVersions: Readonly<Record<TlsVersion, string>> = { "1.2": "TLSv1_2", "1.3": "TLSv1_3" };

/** What both ends share: own certificate (re-read when its directory changes) and peers judged by SPIFFE's rules. */
function common(model: Model, proxy: ProxyPlacement, alpn: readonly string[], peers: readonly string[]): Message {
  const own = identities.of([model], proxy.certificates, () => identity(model, proxy));
  return {
    ...(alpn.length > 0 ? { alpn_protocols: alpn } : {}),
    tls_params: own.tls_params,
    tls_certificates: own.tls_certificates,
    validation_context: {
      custom_validator_config: own.validator,
      ...(peers.length > 0
        ? { match_typed_subject_alt_names: peers.map((exact) => ({ san_type: "URI", matcher: { exact } })) }
        : {}),
    },
  };
}
const identities = new Kept<Message>();

function identity(model: Model, proxy: ProxyPlacement): Message {
  const file = (name: string): Message => ({ filename: `${proxy.certificates}/${name}` });
  return {
    tls_params: {
      tls_minimum_protocol_version: tlsVersions[model.mtls.minVersion],
      tls_maximum_protocol_version: "TLSv1_3",
    },
    tls_certificates: [
      {
        certificate_chain: file("identity.pem"),
        private_key: file("identity.key"),
        watched_directory: { path: proxy.certificates },
      },
    ],
    validator: extension("envoy.tls.cert_validator.spiffe", "transport_sockets.tls.v3.SPIFFECertValidatorConfig", {
      trust_domains: [{ name: model.trustDomain, trust_bundle: file("roots.pem") }],
    }),
  };
}

/** A server that accepts only clients with an SVID of the mesh's trust domain. */
export const downstreamTls = (model: Model, proxy: ProxyPlacement, alpn: readonly string[]): Message =>
  extension("envoy.transport_sockets.tls", "transport_sockets.tls.v3.DownstreamTlsContext", {
    require_client_certificate: true,
    common_tls_context: common(model, proxy, alpn, []),
  });

/** A client that accepts only the identities expected of the service it calls. */
export const upstreamTls = (
  model: Model,
  proxy: ProxyPlacement,
  alpn: readonly string[],
  sni: string,
  peers: readonly string[],
): Message =>
  extension("envoy.transport_sockets.tls", "transport_sockets.tls.v3.UpstreamTlsContext", {
    sni,
    common_tls_context: common(model, proxy, alpn, peers),
  });

/** Where Debian, Alpine and their kin keep the public roots. */
export const PUBLIC_ROOTS = "/etc/ssl/certs/ca-certificates.crt";

/** A client of a server outside that anybody could be: it has to show a public certificate of its name. */
export const publicTls = (host: string): Message =>
  extension("envoy.transport_sockets.tls", "transport_sockets.tls.v3.UpstreamTlsContext", {
    sni: host,
    common_tls_context: {
      validation_context: {
        trusted_ca: { filename: PUBLIC_ROOTS },
        match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
      },
    },
  });

/** The file of a certificate that is named, as it lies in `Placement.secrets`. Names known only later are a finding. */
export const secretFile = (placement: Placement, ref: unknown, file: string): Message => ({
  filename: `${placement.secrets ?? "secrets"}/${typeof ref === "string" ? ref : "unknown"}/${file}`,
});

/** The certificate of a secret: what the other side is shown. */
export const secretCertificate = (placement: Placement, ref: unknown): Message => ({
  tls_certificates: [
    { certificate_chain: secretFile(placement, ref, "tls.crt"), private_key: secretFile(placement, ref, "tls.key") },
  ],
});

/** TLS that a gateway's listener ends: its own certificate, and where it asks for one the client's. */
export function fileTls(placement: Placement, { protocol, tls }: Listener): Message {
  const mutual = tls?.mode === "MUTUAL";
  const alpn = protocol === "grpc" ? ["h2"] : protocol === "tcp" || protocol === "tls" ? [] : ["http/1.1"];
  return extension("envoy.transport_sockets.tls", "transport_sockets.tls.v3.DownstreamTlsContext", {
    ...(mutual ? { require_client_certificate: true } : {}),
    common_tls_context: {
      ...(alpn.length > 0 ? { alpn_protocols: alpn } : {}),
      tls_params: {
        tls_minimum_protocol_version: tlsVersions[tls?.minVersion ?? "1.2"],
        tls_maximum_protocol_version: "TLSv1_3",
      },
      ...secretCertificate(placement, tls?.certificateRef),
      ...(mutual ? { validation_context: { trusted_ca: secretFile(placement, tls.certificateRef, "ca.crt") } } : {}),
    },
  });
}
