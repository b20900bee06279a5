import { at, bootstrapOf, cluster, modelOf } from "./support";

const chains = (mode: string): unknown[] =>
  at(
    bootstrapOf(modelOf({ mtls: { mode } }), "web-v1"),
    "static_resources",
    "listeners",
    0,
    "filter_chains",
  ) as unknown[];
const TLS = ["transport_socket", "typed_config"] as const;

test("STRICT has one chain, which asks for a certificate of the trust domain", () => {
  const [chain, ...more] = chains("STRICT");
  expect(more).toEqual([]);
  expect(at(chain, ...TLS, "require_client_certificate")).toBe(true);
  const validator = at(chain, ...TLS, "common_tls_context", "validation_context", "custom_validator_config");
  expect(at(validator, "typed_config", "trust_domains")).toEqual([
    { name: "example.org", trust_bundle: { filename: "certs/roots.pem" } },
  ]);
});

test("PERMISSIVE tells TLS from plain text by the first bytes, and still judges certificates", () => {
  const [tls, plain] = chains("PERMISSIVE");
  expect(at(tls, "filter_chain_match")).toEqual({ transport_protocol: "tls" });
  expect(at(tls, ...TLS, "require_client_certificate")).toBe(true);
  expect(at(plain, "filter_chain_match")).toEqual({ transport_protocol: "raw_buffer" });
  expect(at(plain, "transport_socket")).toBeUndefined();
});

test("DISABLE is plain text on both ends", () => {
  expect(chains("DISABLE").map((chain) => at(chain, "transport_socket"))).toEqual([undefined]);
  const client = bootstrapOf(modelOf({ mtls: { mode: "DISABLE" } }));
  expect(at(cluster(client, "outbound|80|v1|web.shop"), "transport_socket")).toBeUndefined();
});

test("a caller accepts the callee's identity only, and never sends an address as server name", () => {
  const upstream = at(cluster(bootstrapOf(modelOf()), "outbound|80|v1|web.shop"), ...TLS);
  expect(at(upstream, "sni")).toBe("web.shop");
  expect(at(upstream, "common_tls_context", "validation_context", "match_typed_subject_alt_names")).toEqual([
    { san_type: "URI", matcher: { exact: "spiffe://example.org/ns/shop/sa/web" } },
  ]);
});

test("the minimum version is the mesh's", () => {
  const bootstrap = bootstrapOf(modelOf({ mtls: { mode: "STRICT", minVersion: "1.3" } }));
  expect(at(cluster(bootstrap, "outbound|80|v1|web.shop"), ...TLS, "common_tls_context", "tls_params")).toEqual({
    tls_minimum_protocol_version: "TLSv1_3",
    tls_maximum_protocol_version: "TLSv1_3",
  });
});

test("what callers say about their certificate is replaced by what was verified", () => {
  const inbound = at(
    bootstrapOf(modelOf(), "web-v1"),
    "static_resources",
    "listeners",
    0,
    "filter_chains",
    0,
    "filters",
    0,
    "typed_config",
  );
  expect(inbound).toMatchObject({
    forward_client_cert_details: "SANITIZE_SET",
    set_current_client_cert_details: { uri: true },
  });
});
