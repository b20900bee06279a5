import { podLabelsOf, selects } from "../../model/lookup";
import { keyOf, type Model, type Service, type Target, type TlsVersion, type Version } from "../../model/model";
import { extension, type Message } from "./envoy";
import type { ProxyPlacement } from "./placement";

/** Whether a policy's target takes in the pods of this version. */
export function targets(target: Target, service: Service, version: Version): boolean {
  if (target.namespace !== service.namespace) return false;
  if (target.service !== undefined) return keyOf(target.service) === keyOf(service);
  return target.selector === undefined || selects(target.selector, podLabelsOf(service, version));
}

const tlsVersions: Readonly<Record<TlsVersion, string>> = { "1.2": "TLSv1_2", "1.3": "TLSv1_3" };

/** What both ends share: own certificate (re-read when its directory changes) and peers judged by SPIFFE's rules. */
function common(model: Model, proxy: ProxyPlacement, alpn: readonly string[], peers: readonly string[]): Message {
  const file = (name: string): Message => ({ filename: `${proxy.certificates}/${name}` });
  return {
    ...(alpn.length > 0 ? { alpn_protocols: alpn } : {}),
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
    validation_context: {
      custom_validator_config: extension(
        "envoy.tls.cert_validator.spiffe",
        "transport_sockets.tls.v3.SPIFFECertValidatorConfig",
        { trust_domains: [{ name: model.trustDomain, trust_bundle: file("roots.pem") }] },
      ),
      ...(peers.length > 0
        ? { match_typed_subject_alt_names: peers.map((exact) => ({ san_type: "URI", matcher: { exact } })) }
        : {}),
    },
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
