import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const verifiedUpstream: PolicyRule = {
  code: "MESH6004",
  name: "verified-upstream",
  title: "The certificate of a server is verified",
  why: "TLS without verification is encrypted to whoever answers: a name that resolves elsewhere is enough to read everything.",
  wanted: "caCertificates or credentialName (App Mesh: validation; Google: serverValidationCas)",
  remedy: "Name the certificate authority, and the names that the server may have in subjectAltNames.",
  scope: "resource",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { istio: ["IST0128", "IST0129"] },
  checks: checksNamed("external-not-verified"),
  *run({ raw }) {
    for (const { path, host, mode, verified } of raw.clientTls)
      if ((mode === "SIMPLE" || mode === "MUTUAL") && !verified)
        yield {
          path,
          message: `Nothing verifies the certificate that ${host} shows`,
          found: `${mode} without an authority`,
        };
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec: { host: api.rates.example, trafficPolicy: { tls: { mode: SIMPLE, sni: api.rates.example } } }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec: { host: api.rates.example, trafficPolicy: { tls: { mode: SIMPLE, sni: api.rates.example, caCertificates: /etc/ssl/certs/ca-certificates.crt } } }
`,
    unknown: [0, "spec.trafficPolicy.tls"],
  },
};
