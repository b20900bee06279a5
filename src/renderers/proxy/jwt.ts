import type { JwtPolicy, Model, Service, Version } from "../../model/model";
import { duration, extension, type Message } from "./envoy";
import { publicTls, targets } from "./mtls";

/** Where the token's claims are for the authorization filter behind. */
export const JWT_METADATA = "jwt_payload";
const FETCH_TIMEOUT_MS = 5_000;
const CACHE_MS = 300_000;

const applying = (model: Model, service: Service, version: Version): JwtPolicy[] =>
  model.policies.jwt.filter((policy) => targets(policy.target, service, version));

const provider = (policy: JwtPolicy): string => `${policy.namespace}/${policy.name}`;
const clusterOf = (uri: URL): string => `jwks|${uri.host}`;

/** The address of the keys, where it is known while rendering. */
export const jwksUri = (policy: JwtPolicy): URL | undefined =>
  typeof policy.jwksUri === "string" && URL.canParse(policy.jwksUri) ? new URL(policy.jwksUri) : undefined;

function keys(policy: JwtPolicy): Message {
  const uri = jwksUri(policy);
  if (uri === undefined) return { local_jwks: { inline_string: policy.jwks ?? '{"keys":[]}' } };
  return {
    remote_jwks: {
      http_uri: { uri: uri.href, cluster: clusterOf(uri), timeout: duration(FETCH_TIMEOUT_MS) },
      cache_duration: duration(CACHE_MS),
    },
  };
}

/** A bad token is always refused; a missing one where the policy requires it. Several issuers are alternatives. */
export function jwtFilter(model: Model, service: Service, version: Version): Message[] {
  const policies = applying(model, service, version);
  if (policies.length === 0) return [];
  const providers = Object.fromEntries(
    policies.map((policy) => [
      provider(policy),
      {
        issuer: policy.issuer,
        ...(policy.audiences.length > 0 ? { audiences: policy.audiences } : {}),
        ...(policy.fromHeaders.length > 0
          ? { from_headers: policy.fromHeaders.map((h) => ({ name: h.name, value_prefix: h.prefix })) }
          : {}),
        forward: policy.forward,
        payload_in_metadata: JWT_METADATA,
        ...keys(policy),
      },
    ]),
  );
  const any: Message[] = policies.map((policy) => ({ provider_name: provider(policy) }));
  if (!policies.some((policy) => policy.required)) any.push({ allow_missing: {} });
  const requires = any.length === 1 ? any[0] : { requires_any: { requirements: any } };
  return [
    extension("envoy.filters.http.jwt_authn", "filters.http.jwt_authn.v3.JwtAuthentication", {
      providers,
      rules: [{ match: { prefix: "/" }, requires }],
    }),
  ];
}

/** The hosts that the keys come from. */
export function jwksClusters(model: Model, service: Service, version: Version): Message[] {
  const uris = applying(model, service, version).flatMap((policy) => jwksUri(policy) ?? []);
  const byName = new Map(uris.map((uri) => [clusterOf(uri), uri]));
  return [...byName].map(([name, uri]) => {
    const secure = uri.protocol === "https:";
    const port = uri.port === "" ? (secure ? 443 : 80) : Number(uri.port);
    return {
      name,
      type: "STRICT_DNS",
      connect_timeout: duration(FETCH_TIMEOUT_MS),
      load_assignment: {
        cluster_name: name,
        endpoints: [
          {
            lb_endpoints: [{ endpoint: { address: { socket_address: { address: uri.hostname, port_value: port } } } }],
          },
        ],
      },
      ...(secure
        ? {
            transport_socket: publicTls(uri.hostname),
          }
        : {}),
    };
  });
}
