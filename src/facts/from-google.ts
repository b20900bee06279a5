import type { Draft } from "./draft";
import { fields, items, list, number, one, text, texts } from "./read";
import type { Resources } from "./resources";

/** Google's proxyless and sidecar mesh: TLS policies, backend services and service routing, as Pulumi writes them. */
export function fromGoogle(resources: Resources, draft: Draft): void {
  for (const { id, name, body } of resources.of("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy")) {
    draft.raw.serverTls.push({
      path: `${id}#allowOpen`,
      name,
      // A certificate without mtlsPolicy is what a gateway shows to browsers.
      mode: body.allowOpen === true ? "PERMISSIVE" : "STRICT",
    });
  }
  for (const { id, name, body } of resources.of("gcp:networksecurity/clientTlsPolicy:ClientTlsPolicy"))
    draft.raw.clientTls.push({
      path: `${id}#serverValidationCas`,
      host: name,
      mode: body.clientCertificate === undefined ? "SIMPLE" : "MUTUAL",
      verified: list(body.serverValidationCas).length > 0,
      external: false,
    });
  for (const { id, name, body } of resources.of("gcp:compute/backendService:BackendService")) {
    // Others load-balance from outside and are no part of a mesh.
    if (text(body.loadBalancingScheme) !== "INTERNAL_SELF_MANAGED") continue;
    if (one(body.securitySettings).clientTlsPolicy === undefined)
      draft.raw.clientTls.push({
        path: `${id}#securitySettings`,
        host: name,
        mode: "NONE",
        verified: false,
        external: false,
      });
    draft.raw.resilience.push({
      path: `${id}#outlierDetection`,
      host: name,
      outlierDetection: body.outlierDetection !== undefined,
      healthCheck: body.healthChecks !== undefined,
    });
    draft.raw.logging.push({ path: `${id}#logConfig`, scope: name, on: one(body.logConfig).enable === true });
  }
  for (const kind of ["httpRoute:HttpRoute", "grpcRoute:GrpcRoute", "tcpRoute:TcpRoute"])
    for (const { id, name, body } of resources.of(`gcp:networkservices/${kind}`)) {
      for (const { item, path } of items(body.rules, `${id}#rules`)) {
        const destinations = items(one(item.action).destinations, `${path}.action.destinations`).map(
          ({ item: to, path: at }) => ({
            path: at,
            host: text(to.serviceName) ?? "",
            weight: number(to.weight),
            kind: "known",
          }),
        );
        draft.raw.splits.push({ path, owner: id, destinations });
        for (const { item: m, path: at } of items(item.matches, `${path}.matches`)) {
          const regex = text(m.regexMatch);
          if (regex !== undefined) draft.raw.patterns.push({ path: `${at}.regexMatch`, regex, decides: false });
        }
      }
      const scopes = [...texts(body.meshes), ...texts(body.gateways)];
      for (const [i, host] of texts(body.hostnames).entries())
        for (const scope of scopes)
          draft.raw.claims.push({
            path: `${id}#hostnames[${i}]`,
            host,
            scope,
            owner: name,
            ports: [],
            wildcard: host === "*",
          });
    }
  // Which of several gateways a route redirects on is known only after deployment.
  const redirects = resources
    .of("gcp:networkservices/httpRoute:HttpRoute")
    .some(({ body }) => items(body.rules, "").some(({ item }) => one(item.action).redirect !== undefined));
  for (const { id, name, body } of resources.of("gcp:networkservices/gateway:Gateway"))
    for (const port of list(body.ports))
      draft.raw.listeners.push({
        path: `${id}#ports`,
        name,
        port: number(port) ?? 0,
        secure: list(body.certificateUrls).length > 0 || body.serverTlsPolicy !== undefined,
        credential: texts(body.certificateUrls)[0] ?? text(body.serverTlsPolicy),
        passthrough: false,
        hosts: ["*"],
        gateway: name,
        selector: text(body.scope) ?? name,
        needsCredential: false,
        redirects,
      });
  for (const { id, name, body } of resources.of("gcp:compute/sSLPolicy:SSLPolicy"))
    draft.raw.listeners.push({
      path: `${id}#minTlsVersion`,
      name,
      port: 443,
      secure: true,
      minVersion: googleVersions[text(body.minTlsVersion) ?? "TLS_1_0"] ?? "TLSV1_0",
      credential: undefined,
      passthrough: false,
      hosts: [],
      gateway: name,
      selector: `ssl policy ${name}`,
      needsCredential: false,
      redirects: false,
    });
  for (const { id, name, body } of resources.of("gcp:networksecurity/authorizationPolicy:AuthorizationPolicy")) {
    const open =
      body.action === "ALLOW" &&
      items(body.rules, "").some(({ item }) =>
        items(item.sources, "").some(({ item: s }) => texts(s.principals).includes("*")),
      );
    draft.raw.access.push({ path: `${id}#rules`, scope: name, closed: !open && fields(body).action !== undefined });
  }
}
const googleVersions: Readonly<Record<string, string>> = {
  TLS_1_0: "TLSV1_0",
  TLS_1_1: "TLSV1_1",
  TLS_1_2: "TLSV1_2",
  TLS_1_3: "TLSV1_3",
};
