import { checksNamed } from "../checks";
import { textSetting, type PolicyRule } from "../rule";

const versions = ["TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"];
const age = (version: string): number => versions.indexOf(version);

export const minimumTls: PolicyRule = {
  code: "MESH6005",
  name: "minimum-tls",
  title: "No TLS older than allowed",
  why: "TLS 1.0 and 1.1 are broken and out of support (RFC 8996); a gateway that still takes them can be talked down to them.",
  wanted: "at least the version in setting minTlsVersion",
  remedy:
    "Set minProtocolVersion (Gateway API on Istio: option gateway.istio.io/tls-min-protocol-version; Google: minTlsVersion).",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kyverno: ["consul: enforce-min-tls-version"] },
  checks: checksNamed("weaker-tls-than-mesh"),
  settings: {
    minTlsVersion: {
      type: "string",
      description: "Oldest version that a listener may take",
      default: "TLSV1_2",
      enum: [...versions],
    },
  },
  *run({ raw }, settings) {
    const wanted = textSetting(settings, "minTlsVersion", "TLSV1_2");
    for (const { path, name, minVersion } of raw.listeners)
      if (minVersion !== undefined && age(minVersion) >= 0 && age(minVersion) < age(wanted))
        yield { path, message: `Listener ${name} takes ${minVersion}`, found: minVersion, wanted };
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { selector: { istio: ingress }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE, credentialName: shop, minProtocolVersion: TLSV1_0 } }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { selector: { istio: ingress }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE, credentialName: shop, minProtocolVersion: TLSV1_2 } }] }
`,
    unknown: [0, "spec.servers.0.tls.minProtocolVersion"],
  },
};
