import { isLater, reading } from "../../src/facts";
import { type PolicyRule } from "../rule";

export const gatewayCredentials: PolicyRule = {
  code: "MESH6026",
  name: "gateway-credentials",
  title: "Listeners are encrypted, with a certificate of their own",
  why: "A listener without TLS shows passwords and cookies to the network; one without a certificate does not start; browsers reuse a connection where two listeners share a certificate, and get 404.",
  wanted: "HTTPS with a credential that exists, one listener a certificate",
  remedy:
    "Set tls.mode SIMPLE and credentialName; redirect HTTP (httpsRedirect: true); give each listener its own certificate, or put the hosts on one.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { istio: ["IST0138", "IST0161"], other: ["gatekeeper-library httpsonly"] },
  *run({ raw, resources, facts }) {
    const redirecting = new Set(
      facts.routes.flatMap((r) =>
        r.rules.length > 0 && r.rules.every((rule) => rule.filters.redirect)
          ? r.parents.map((p) => `${p.namespace}/${p.name}`)
          : [],
      ),
    );
    const certificates = new Map<string, string>();
    for (const { path, name, secure, credential, needsCredential, redirects, port, gateway, hosts } of raw.listeners) {
      if (needsCredential) yield { path, message: `Listener ${name} has no certificate`, found: "no credential" };
      if (!secure && !redirects && !redirecting.has(gateway) && (port === 80 || port === 8080) && hosts.length > 0)
        yield {
          path,
          message: `Listener ${name} takes plain HTTP`,
          found: "HTTP",
          wanted: "HTTPS, or a redirect to it",
        };
      if (credential === undefined || isLater(credential)) continue;
      const first = certificates.get(`${gateway.split("/")[0]} ${credential}`);
      if (first !== undefined && first !== gateway)
        yield { path, message: `${first} shows the certificate ${credential} as well`, found: credential };
      else certificates.set(`${gateway.split("/")[0]} ${credential}`, gateway);
    }
    for (const { path, namespace, name, use } of raw.references) {
      const secret = use === "credential" ? resources.get("core/Secret", namespace, name) : undefined;
      if (!secret) continue;
      const data = { ...reading.fields(secret.body.data), ...reading.fields(secret.body.stringData) };
      const usable =
        (data["tls.crt"] !== undefined && data["tls.key"] !== undefined) ||
        (data.cert !== undefined && data.key !== undefined);
      if (!usable && Object.keys(data).length > 0)
        yield {
          path,
          message: `Secret ${name} holds no certificate with its key`,
          found: Object.keys(data).join(", "),
          wanted: "tls.crt and tls.key",
        };
    }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { selector: { istio: ingress }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE } }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { selector: { istio: ingress }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE, credentialName: shop } }] }
`,
    unknown: [0, "spec.servers.0.tls.credentialName"],
  },
};
