import {
  DEPLOYMENT,
  documents,
  INJECTED_NAMESPACE,
  peerAuthentication,
  SERVICE,
  VIRTUAL_SERVICE,
} from "../../policy/examples";

/** What each foreign rule is about, in manifests of our own: the rule's name, ours, and what both should catch. */
export interface CoverageCase {
  readonly of: string;
  readonly ours: string;
  readonly manifests: string;
}

const istio = (kind: string, spec: string, { name = "cart", group = "networking", version = "v1" } = {}): string =>
  `apiVersion: ${group}.istio.io/${version}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const namespace = (labels: string, annotations = "{}"): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: ${labels}, annotations: ${annotations} }\n`;
const deployment = (pod: string, template = "{ labels: { app: cart } }"): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart, namespace: shop }\nspec: { replicas: 2, selector: { matchLabels: { app: cart } }, template: { metadata: ${template}, spec: ${pod} } }\n`;
const container = (more: string): string =>
  `{ serviceAccountName: cart, containers: [{ name: app, image: "cart:1", ${more} }] }`;
const gateway = (name: string, host: string, more = ""): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: ${name}, namespace: edge }\nspec: { selector: { istio: ingress }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [${host}], tls: { mode: SIMPLE, credentialName: ${name} }${more} }] }\n`;
const linkerd = (kind: string, spec: string, version = "v1alpha1"): string =>
  `apiVersion: policy.linkerd.io/${version}\nkind: ${kind}\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;
const certificate = (spec: string): string =>
  `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: cart, namespace: shop }\nspec: { secretName: cart, ${spec} }\n`;
const strict = peerAuthentication("STRICT");
const inLinkerd = namespace("{}", "{ linkerd.io/inject: enabled }");
const envoyFilter = (patch: string, more = "workloadSelector: { labels: { app: cart } }, "): string =>
  istio(
    "EnvoyFilter",
    `{ ${more}configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: ${patch} }] }`,
    { version: "v1alpha3" },
  );

/** A namespace with pods, and a mesh elsewhere in the stack: nobody put the pods into it. */
const outside = documents(namespace("{ team: shop }"), SERVICE, DEPLOYMENT, strict);
const outsideLinkerd = documents(
  namespace("{ team: shop }"),
  SERVICE,
  DEPLOYMENT,
  linkerd("Server", "{ podSelector: { matchLabels: { app: cart } }, port: http }", "v1beta3"),
);
const open = documents(INJECTED_NAMESPACE, SERVICE);

const kyverno: readonly (readonly [string, string, string])[] = [
  ["add-ambient-mode-namespace", "namespace-in-mesh", outside],
  ["add-sidecar-injection-namespace", "namespace-in-mesh", outside],
  ["enforce-ambient-mode-namespace", "namespace-in-mesh", outside],
  [
    "enforce-sidecar-injection-namespace",
    "namespace-in-mesh",
    documents(namespace("{ istio-injection: disabled }"), SERVICE, DEPLOYMENT, strict),
  ],
  ["create-authorizationpolicy", "default-deny", open],
  ["require-authorizationpolicy", "default-deny", open],
  ["enforce-strict-mtls", "strict-mtls", peerAuthentication("DISABLE").replace("DISABLE", "PERMISSIVE")],
  [
    "enforce-tls-hosts-host-subnets",
    "client-tls",
    istio("DestinationRule", "{ host: cart, trafficPolicy: { tls: { mode: DISABLE } } }"),
  ],
  [
    "prevent-disabling-injection-pods",
    "no-opt-out",
    deployment(container("ports: []"), `{ labels: { app: cart, sidecar.istio.io/inject: "false" } }`),
  ],
  [
    "restrict-virtual-service-wildcard",
    "no-wildcard-hosts",
    istio(
      "VirtualService",
      `{ hosts: ["*"], gateways: [edge/public], http: [{ route: [{ destination: { host: cart } }] }] }`,
    ),
  ],
  [
    "service-mesh-disallow-capabilities",
    "hardened-pods",
    deployment(container("securityContext: { capabilities: { add: [NET_ADMIN] } }")),
  ],
  [
    "service-mesh-require-run-as-nonroot",
    "hardened-pods",
    deployment(container("securityContext: { runAsNonRoot: false, runAsUser: 0 }")),
  ],
  ["add-linkerd-mesh-injection", "namespace-in-mesh", outsideLinkerd],
  ["require-linkerd-mesh-injection", "namespace-in-mesh", outsideLinkerd],
  ["add-linkerd-policy-annotation", "default-deny", documents(inLinkerd, SERVICE)],
  [
    "check-linkerd-authorizationpolicy",
    "authorization-target",
    documents(
      SERVICE,
      linkerd(
        "AuthorizationPolicy",
        "{ targetRef: { group: policy.linkerd.io, kind: Server, name: crat }, requiredAuthenticationRefs: [] }",
      ),
    ),
  ],
  [
    "prevent-linkerd-pod-injection-override",
    "no-opt-out",
    deployment(container("ports: []"), "{ labels: { app: cart }, annotations: { linkerd.io/inject: disabled } }"),
  ],
  [
    "prevent-linkerd-port-skipping",
    "no-port-skipping",
    deployment(
      container("ports: []"),
      `{ labels: { app: cart }, annotations: { config.linkerd.io/skip-inbound-ports: "8080" } }`,
    ),
  ],
  [
    "require-linkerd-server",
    "authorization-coverage",
    documents(
      inLinkerd,
      SERVICE,
      SERVICE.replaceAll("cart", "web"),
      DEPLOYMENT,
      DEPLOYMENT.replaceAll("cart", "web"),
      linkerd("Server", "{ podSelector: { matchLabels: { app: cart } }, port: http }", "v1beta3"),
      linkerd(
        "AuthorizationPolicy",
        "{ targetRef: { group: policy.linkerd.io, kind: Server, name: cart }, requiredAuthenticationRefs: [{ kind: ServiceAccount, name: cart }] }",
      ),
    ),
  ],
  [
    "enforce-min-tls-version",
    "minimum-tls",
    gateway("public", "shop.example").replace("mode: SIMPLE", "mode: SIMPLE, minProtocolVersion: TLSV1_0"),
  ],
  [
    "limit-dnsnames",
    "certificate-limits",
    certificate(
      `duration: 24h, issuerRef: { name: mesh }, dnsNames: [${Array.from({ length: 40 }, (_, i) => `a${i}.example`).join(", ")}]`,
    ),
  ],
  [
    "limit-duration",
    "certificate-limits",
    certificate("duration: 87600h, issuerRef: { name: mesh }, dnsNames: [a.example]"),
  ],
  [
    "restrict-issuer",
    "certificate-limits",
    certificate("duration: 24h, issuerRef: { name: anybody }, dnsNames: [a.example]"),
  ],
];

const route = (spec: string, name = "cart"): string => istio("VirtualService", spec, { name });
const analyzer: readonly (readonly [string, string, string])[] = [
  [
    "IST0101",
    "destination-exists",
    documents(SERVICE, route("{ hosts: [cart], http: [{ route: [{ destination: { host: nobody } }] }] }")),
  ],
  [
    "IST0101",
    "subset-exists",
    documents(
      SERVICE,
      route("{ hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v9 } }] }] }"),
      istio("DestinationRule", "{ host: cart, subsets: [] }"),
    ),
  ],
  [
    "IST0101",
    "gateway-exists",
    documents(
      SERVICE,
      gateway("public", "shop.example").replace("namespace: edge", "namespace: shop"),
      route("{ hosts: [shop.example], gateways: [absent], http: [{ route: [{ destination: { host: cart } }] }] }"),
    ),
  ],
  ["IST0102", "namespace-in-mesh", outside],
  [
    "IST0103",
    "no-opt-out",
    deployment(container("ports: []"), `{ labels: { app: cart }, annotations: { sidecar.istio.io/inject: "false" } }`),
  ],
  [
    "IST0109",
    "one-route-owner",
    documents(SERVICE, VIRTUAL_SERVICE, VIRTUAL_SERVICE.replace("name: cart,", "name: other,")),
  ],
  [
    "IST0110",
    "selector-matches",
    documents(
      istio("Sidecar", "{ workloadSelector: { labels: { app: cart } } }"),
      istio("Sidecar", "{ workloadSelector: { labels: { app: cart } } }", { name: "other" }),
    ),
  ],
  [
    "IST0111",
    "selector-matches",
    documents(
      istio("Sidecar", "{ egress: [{ hosts: [./*] }] }"),
      istio("Sidecar", "{ egress: [{ hosts: [./*] }] }", { name: "other" }),
    ),
  ],
  [
    "IST0112",
    "named-ports",
    documents(SERVICE.replace("ports: [", "ports: [{ name: http-admin, port: 81 }, "), VIRTUAL_SERVICE),
  ],
  [
    "IST0113",
    "mtls-conflict",
    documents(SERVICE, strict, istio("DestinationRule", "{ host: cart, trafficPolicy: { tls: { mode: SIMPLE } } }")),
  ],
  [
    "IST0118",
    "named-ports",
    documents(INJECTED_NAMESPACE, SERVICE.replace("name: http", "name: web"), VIRTUAL_SERVICE),
  ],
  [
    "IST0122",
    "safe-patterns",
    documents(
      SERVICE,
      route(
        `{ hosts: [cart], http: [{ match: [{ uri: { regex: "(" } }], route: [{ destination: { host: cart } }] }] }`,
      ),
    ),
  ],
  ["IST0123", "one-injection-label", namespace("{ istio-injection: enabled, istio.io/rev: canary }")],
  [
    "IST0127",
    "selector-matches",
    documents(
      SERVICE,
      DEPLOYMENT,
      istio("AuthorizationPolicy", "{ selector: { matchLabels: { app: nobody } } }", { group: "security" }),
    ),
  ],
  [
    "IST0128",
    "verified-upstream",
    istio("DestinationRule", "{ host: api.example, trafficPolicy: { tls: { mode: SIMPLE } } }"),
  ],
  [
    "IST0129",
    "verified-upstream",
    istio(
      "DestinationRule",
      "{ host: api.example, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] } }",
    ),
  ],
  [
    "IST0130",
    "no-shadowed-rule",
    documents(
      SERVICE,
      route(
        "{ hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }, { match: [{ uri: { prefix: /v2 } }], route: [{ destination: { host: cart } }] }] }",
      ),
    ),
  ],
  [
    "IST0131",
    "no-shadowed-rule",
    documents(
      SERVICE,
      route(
        "{ hosts: [cart], http: [{ match: [{ uri: { prefix: /v2 } }], route: [{ destination: { host: cart } }] }, { match: [{ uri: { prefix: /v2 } }], route: [{ destination: { host: cart } }] }] }",
      ),
    ),
  ],
  [
    "IST0132",
    "gateway-exists",
    documents(
      gateway("public", "shop.example").replace("namespace: edge", "namespace: shop"),
      SERVICE,
      route("{ hosts: [other.example], gateways: [public], http: [{ route: [{ destination: { host: cart } }] }] }"),
    ),
  ],
  [
    "IST0138",
    "gateway-credentials",
    documents(
      gateway("public", "shop.example"),
      gateway("second", "pay.example").replace("credentialName: second", "credentialName: public"),
    ),
  ],
  ["IST0144", "hardened-pods", deployment(container("securityContext: { runAsUser: 1337 }"))],
  ["IST0145", "gateway-exists", documents(gateway("public", "shop.example"), gateway("second", "shop.example"))],
  [
    "IST0149",
    "claims-need-jwt",
    documents(
      SERVICE,
      istio(
        "AuthorizationPolicy",
        `{ selector: { matchLabels: { app: cart } }, rules: [{ when: [{ key: "request.auth.claims[group]", values: [admin] }] }] }`,
        { group: "security" },
      ),
    ),
  ],
  ["IST0151", "envoy-filter-hygiene", envoyFilter("{ operation: INSERT_BEFORE, value: { name: a } }")],
  ["IST0152", "envoy-filter-hygiene", envoyFilter("{ operation: REPLACE, value: { name: a } }")],
  ["IST0153", "envoy-filter-hygiene", envoyFilter("{ operation: ADD, value: { name: a } }")],
  [
    "IST0155",
    "envoy-filter-hygiene",
    envoyFilter("{ operation: INSERT_AFTER, value: { name: a } }").replace(
      "context: SIDECAR_INBOUND",
      "context: SIDECAR_INBOUND, proxy: { proxyVersion: 1.24 }",
    ),
  ],
  [
    "IST0156",
    "gateway-api-version",
    `apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: HTTPRoute\nmetadata: { name: cart, namespace: shop }\nspec: { parentRefs: [{ name: public }], rules: [] }\n`,
  ],
  [
    "IST0161",
    "gateway-credentials",
    documents(
      gateway("public", "shop.example"),
      `apiVersion: v1\nkind: Secret\nmetadata: { name: public, namespace: edge }\nstringData: { password: x }\n`,
    ),
  ],
  [
    "IST0173",
    "subset-exists",
    documents(
      SERVICE,
      DEPLOYMENT,
      istio("DestinationRule", "{ host: cart, subsets: [{ name: v9, labels: { version: v9 } }] }"),
    ),
  ],
  [
    "IST0174",
    "destination-exists",
    documents(SERVICE, istio("DestinationRule", "{ host: nobody, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }")),
  ],
  [
    "IST0175",
    "claims-need-jwt",
    documents(
      SERVICE,
      istio(
        "RequestAuthentication",
        `{ selector: { matchLabels: { app: cart } }, jwtRules: [{ issuer: "https://id.example", jwksUri: "http://id.example/jwks", audiences: [cart] }] }`,
        { group: "security" },
      ),
    ),
  ],
];

export const coverageCases: readonly CoverageCase[] = [...kyverno, ...analyzer].map(([of, ours, manifests]) => ({
  of,
  ours,
  manifests,
}));
