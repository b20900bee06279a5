import { isLater, reading } from "../../src/facts";
import { textSetting, numberSetting, listSetting, type PolicyRule } from "../rule";

export const certificateLimits: PolicyRule = {
  code: "MESH6033",
  name: "certificate-limits",
  title: "Certificates are short-lived, from issuers and for names that are allowed",
  why: "A long-lived certificate is a long-lived theft; one from an issuer that nobody meant is trusted all the same.",
  wanted: "duration up to maxDuration, issuers and DNS names as set",
  remedy: "Shorten the duration, and name an allowed issuer.",
  scope: "resource",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: {
    kyverno: ["cert-manager limit-duration", "cert-manager restrict-issuer", "cert-manager limit-dnsnames"],
  },
  settings: {
    maxDuration: { type: "string", description: "Longest life, as in 2160h", default: "2400h" },
    allowedIssuers: { type: "array", description: "Names of issuers; empty: any", default: [] },
    allowedDomains: { type: "array", description: "Domains that DNS names are in; empty: any", default: [] },
    maxDnsNames: { type: "number", description: "Names on one certificate", default: 20 },
  },
  *run({ resources }, settings) {
    const longest = textSetting(settings, "maxDuration", "2400h");
    const issuers = listSetting(settings, "allowedIssuers");
    const domains = listSetting(settings, "allowedDomains");
    const most = numberSetting(settings, "maxDnsNames", 20);
    for (const { id, name, body } of resources.of("cert-manager.io/Certificate")) {
      const spec = reading.fields(body.spec);
      const duration = reading.durationMs(spec.duration);
      if (duration !== undefined && duration > (reading.durationMs(longest) ?? Infinity))
        yield {
          path: `${id}#spec.duration`,
          message: `Certificate ${name} lives too long`,
          wanted: `at most ${longest}`,
        };
      const issuer = reading.text(reading.inside(spec, "issuerRef", "name"));
      if (issuer !== undefined && issuers.length > 0 && !issuers.includes(issuer) && !isLater(issuer))
        yield {
          path: `${id}#spec.issuerRef.name`,
          message: `${issuer} may not issue ${name}`,
          wanted: issuers.join(" or "),
        };
      const names = reading.texts(spec.dnsNames);
      if (names.length > most)
        yield {
          path: `${id}#spec.dnsNames`,
          message: `Certificate ${name} is for ${names.length} names`,
          found: String(names.length),
          wanted: `at most ${most}`,
        };
      for (const [i, host] of names.entries())
        if (domains.length > 0 && !isLater(host) && !domains.some((d) => host === d || host.endsWith(`.${d}`)))
          yield {
            path: `${id}#spec.dnsNames[${i}]`,
            message: `${host} is in no allowed domain`,
            wanted: domains.join(" or "),
          };
    }
  },
  example: {
    wrong: `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: shop, namespace: edge }
spec: { secretName: shop, duration: 8760h, dnsNames: [shop.example], issuerRef: { name: corporate, kind: ClusterIssuer } }
`,
    right: `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: shop, namespace: edge }
spec: { secretName: shop, duration: 720h, dnsNames: [shop.example], issuerRef: { name: corporate, kind: ClusterIssuer } }
`,
    unknown: [0, "spec.duration"],
  },
};
