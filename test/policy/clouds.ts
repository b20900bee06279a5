import type { Settings } from "../../policy/rule";

/** A resource as a program writes it. */
export interface CloudResource {
  readonly type: string;
  readonly name: string;
  readonly properties: Record<string, unknown>;
}
/** What a policy says of resources of a cloud that somebody wrote by hand. */
export interface CloudCase {
  readonly rule: string;
  readonly cloud: "App Mesh" | "VPC Lattice" | "Google";
  readonly what: string;
  readonly wrong: readonly CloudResource[];
  readonly right: readonly CloudResource[];
  /** Resource and field of `wrong` without which nobody can tell. Absent: nothing that is unknown decides it. */
  readonly unknown?: readonly [at: number, field: string];
  readonly settings?: Settings;
}

const resource = (type: string, name: string, properties: Record<string, unknown> = {}): CloudResource => ({
  type,
  name,
  properties: { name, ...properties },
});
const appMesh = (kind: string, name: string, spec: object): CloudResource =>
  resource(`aws:appmesh/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`, name, { meshName: "shop", spec });
const lattice = (kind: string, name: string, properties: Record<string, unknown> = {}): CloudResource =>
  resource(`aws:vpclattice/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`, name, properties);
const google = (token: string, name: string, properties: Record<string, unknown> = {}): CloudResource =>
  resource(`gcp:${token}`, name, properties);

const listener = (more: object = {}) => ({ portMapping: { port: 8080, protocol: "http" }, ...more });
const node = (name: string, more: object = {}): CloudResource =>
  appMesh("VirtualNode", name, { listeners: [listener()], ...more });
const authority = {
  trust: { acm: { certificateAuthorityArns: ["arn:aws:acm-pca:us-east-1:1:certificate-authority/a"] } },
};
const defaults = (tls: object) => ({ backendDefaults: { clientPolicy: { tls } } });
const backendService = (more: Record<string, unknown>): CloudResource =>
  google("compute/backendService:BackendService", "cart", { loadBalancingScheme: "INTERNAL_SELF_MANAGED", ...more });
const httpRoute = (name: string, more: Record<string, unknown>): CloudResource =>
  google("networkservices/httpRoute:HttpRoute", name, {
    hostnames: ["cart.shop"],
    meshes: ["projects/p/locations/global/meshes/shop"],
    rules: [{ action: { destinations: [{ serviceName: "cart" }] } }],
    ...more,
  });
const targets = (...weights: number[]) => weights.map((weight, i) => ({ targetGroupIdentifier: `tg-${i}`, weight }));

export const cloudCases: readonly CloudCase[] = [
  {
    rule: "strict-mtls",
    cloud: "App Mesh",
    what: "a listener that takes plain text as well",
    wrong: [node("cart", { listeners: [listener({ tls: { mode: "PERMISSIVE" } })] })],
    right: [node("cart", { listeners: [listener({ tls: { mode: "STRICT" } })] })],
    unknown: [0, "spec.listeners.0.tls.mode"],
  },
  {
    rule: "strict-mtls",
    cloud: "VPC Lattice",
    what: "a listener for plain HTTP",
    wrong: [lattice("Listener", "cart", { protocol: "HTTP" })],
    right: [lattice("Listener", "cart", { protocol: "HTTPS" })],
    unknown: [0, "protocol"],
  },
  {
    rule: "strict-mtls",
    cloud: "Google",
    what: "a server policy that takes plain text",
    wrong: [google("networksecurity/serverTlsPolicy:ServerTlsPolicy", "cart", { allowOpen: true })],
    right: [google("networksecurity/serverTlsPolicy:ServerTlsPolicy", "cart", { allowOpen: false })],
    unknown: [0, "allowOpen"],
  },
  {
    rule: "strict-mtls",
    cloud: "Google",
    what: "a backend service that nothing makes clients call by TLS",
    wrong: [backendService({})],
    right: [backendService({ securitySettings: { clientTlsPolicy: "policies/cart" } })],
    unknown: [0, "securitySettings.clientTlsPolicy"],
  },
  {
    rule: "client-tls",
    cloud: "App Mesh",
    what: "clients that need not use TLS",
    wrong: [node("cart", defaults({ enforce: false, validation: authority }))],
    right: [node("cart", defaults({ enforce: true, validation: authority }))],
    unknown: [0, "spec.backendDefaults.clientPolicy.tls.enforce"],
  },
  {
    rule: "verified-upstream",
    cloud: "App Mesh",
    what: "TLS that checks nobody's certificate",
    wrong: [node("cart", defaults({ enforce: true }))],
    right: [node("cart", defaults({ enforce: true, validation: authority }))],
    unknown: [0, "spec.backendDefaults.clientPolicy.tls.validation"],
  },
  {
    rule: "verified-upstream",
    cloud: "Google",
    what: "a client policy without an authority",
    wrong: [google("networksecurity/clientTlsPolicy:ClientTlsPolicy", "cart")],
    right: [
      google("networksecurity/clientTlsPolicy:ClientTlsPolicy", "cart", {
        serverValidationCas: [{ certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } }],
      }),
    ],
    unknown: [0, "serverValidationCas"],
  },
  {
    rule: "minimum-tls",
    cloud: "Google",
    what: "an SSL policy from TLS 1.0",
    wrong: [google("compute/sSLPolicy:SSLPolicy", "edge", { minTlsVersion: "TLS_1_0" })],
    right: [google("compute/sSLPolicy:SSLPolicy", "edge", { minTlsVersion: "TLS_1_2" })],
    unknown: [0, "minTlsVersion"],
  },
  {
    rule: "default-deny",
    cloud: "VPC Lattice",
    what: "a service that asks nobody who they are",
    wrong: [lattice("Service", "cart", { authType: "NONE" })],
    right: [lattice("Service", "cart", { authType: "AWS_IAM" })],
    unknown: [0, "authType"],
  },
  {
    rule: "default-deny",
    cloud: "Google",
    what: "an authorization policy that allows everyone",
    wrong: [
      google("networksecurity/authorizationPolicy:AuthorizationPolicy", "cart", {
        action: "ALLOW",
        rules: [{ sources: [{ principals: ["*"] }] }],
      }),
    ],
    right: [
      google("networksecurity/authorizationPolicy:AuthorizationPolicy", "cart", {
        action: "ALLOW",
        rules: [{ sources: [{ principals: ["cluster.local/ns/shop/sa/web"] }] }],
      }),
    ],
    unknown: [0, "rules.0.sources.0.principals.0"],
  },
  {
    rule: "destination-exists",
    cloud: "App Mesh",
    what: "a virtual service whose node is not there",
    wrong: [
      node("cart"),
      appMesh("VirtualService", "cart.shop", { provider: { virtualNode: { virtualNodeName: "crat" } } }),
    ],
    right: [
      node("cart"),
      appMesh("VirtualService", "cart.shop", { provider: { virtualNode: { virtualNodeName: "cart" } } }),
    ],
    unknown: [1, "spec.provider.virtualNode.virtualNodeName"],
  },
  {
    rule: "valid-weights",
    cloud: "App Mesh",
    what: "a route that sends nobody anywhere",
    wrong: [
      appMesh("Route", "cart", {
        httpRoute: {
          action: {
            weightedTargets: [
              { virtualNode: "a", weight: 0 },
              { virtualNode: "b", weight: 0 },
            ],
          },
        },
      }),
    ],
    right: [
      appMesh("Route", "cart", {
        httpRoute: {
          action: {
            weightedTargets: [
              { virtualNode: "a", weight: 90 },
              { virtualNode: "b", weight: 10 },
            ],
          },
        },
      }),
    ],
    unknown: [0, "spec.httpRoute.action.weightedTargets.0.weight"],
  },
  {
    rule: "valid-weights",
    cloud: "VPC Lattice",
    what: "a rule that sends nobody anywhere",
    wrong: [lattice("ListenerRule", "cart", { action: { forward: { targetGroups: targets(0, 0) } } })],
    right: [lattice("ListenerRule", "cart", { action: { forward: { targetGroups: targets(1, 0) } } })],
    unknown: [0, "action.forward.targetGroups.0.weight"],
  },
  {
    rule: "valid-weights",
    cloud: "Google",
    what: "a route with one service twice",
    wrong: [
      httpRoute("cart", {
        rules: [
          {
            action: {
              destinations: [
                { serviceName: "cart", weight: 1 },
                { serviceName: "cart", weight: 2 },
              ],
            },
          },
        ],
      }),
    ],
    right: [
      httpRoute("cart", {
        rules: [
          {
            action: {
              destinations: [
                { serviceName: "cart", weight: 1 },
                { serviceName: "canary", weight: 2 },
              ],
            },
          },
        ],
      }),
    ],
    unknown: [0, "rules.0.action.destinations.0.serviceName"],
  },
  {
    rule: "one-route-owner",
    cloud: "Google",
    what: "two routes for one host of a mesh",
    wrong: [httpRoute("cart", {}), httpRoute("other", {})],
    right: [httpRoute("cart", {}), httpRoute("other", { hostnames: ["other.shop"] })],
    unknown: [1, "hostnames.0"],
  },
  {
    rule: "no-wildcard-hosts",
    cloud: "Google",
    what: "a route for every host",
    wrong: [httpRoute("cart", { hostnames: ["*"] })],
    right: [httpRoute("cart", {})],
    unknown: [0, "hostnames.0"],
  },
  {
    rule: "safe-patterns",
    cloud: "Google",
    what: "an expression that does not compile",
    wrong: [httpRoute("cart", { rules: [{ matches: [{ regexMatch: "/v(" }], action: {} }] })],
    right: [httpRoute("cart", { rules: [{ matches: [{ regexMatch: "/v[0-9]+" }], action: {} }] })],
    unknown: [0, "rules.0.matches.0.regexMatch"],
  },
  {
    rule: "gateway-credentials",
    cloud: "Google",
    what: "a gateway for plain HTTP",
    wrong: [google("networkservices/gateway:Gateway", "edge", { ports: [80], scope: "edge" })],
    right: [
      google("networkservices/gateway:Gateway", "edge", {
        ports: [443],
        scope: "edge",
        certificateUrls: ["certs/shop"],
      }),
    ],
    unknown: [0, "ports.0"],
  },
  {
    rule: "gateway-credentials",
    cloud: "Google",
    what: "a gateway whose certificates are not written",
    wrong: [google("networkservices/gateway:Gateway", "edge", { ports: [8080], scope: "edge" })],
    right: [
      google("networkservices/gateway:Gateway", "edge", {
        ports: [8080],
        scope: "edge",
        certificateUrls: ["certs/shop"],
      }),
    ],
    unknown: [0, "certificateUrls"],
  },
  {
    rule: "closed-egress",
    cloud: "App Mesh",
    what: "a mesh that lets everything out",
    wrong: [appMesh("Mesh", "shop", { egressFilter: { type: "ALLOW_ALL" } })],
    right: [appMesh("Mesh", "shop", { egressFilter: { type: "DROP_ALL" } })],
    unknown: [0, "spec.egressFilter.type"],
  },
  {
    rule: "outlier-detection",
    cloud: "App Mesh",
    what: "a listener that ejects nobody",
    wrong: [node("cart")],
    right: [
      node("cart", {
        listeners: [listener({ outlierDetection: { maxServerErrors: 5 }, healthCheck: { protocol: "http" } })],
      }),
    ],
    unknown: [0, "spec.listeners.0.outlierDetection"],
  },
  {
    rule: "outlier-detection",
    cloud: "VPC Lattice",
    what: "targets that nobody checks",
    wrong: [lattice("TargetGroup", "cart", { type: "IP", config: { port: 80, healthCheck: { enabled: false } } })],
    right: [lattice("TargetGroup", "cart", { type: "IP", config: { port: 80, healthCheck: { enabled: true } } })],
    unknown: [0, "config.healthCheck"],
  },
  {
    rule: "outlier-detection",
    cloud: "Google",
    what: "a backend service that ejects nobody",
    wrong: [backendService({})],
    right: [backendService({ outlierDetection: { consecutiveErrors: 5 } })],
    unknown: [0, "outlierDetection"],
  },
  {
    rule: "access-logging",
    cloud: "App Mesh",
    what: "a node that logs nothing",
    wrong: [node("cart")],
    right: [node("cart", { logging: { accessLog: { file: { path: "/dev/stdout" } } } })],
    unknown: [0, "spec.logging"],
  },
  {
    rule: "access-logging",
    cloud: "App Mesh",
    what: "a gateway that logs nothing",
    wrong: [appMesh("VirtualGateway", "edge", { listeners: [listener()] })],
    right: [
      appMesh("VirtualGateway", "edge", {
        listeners: [listener()],
        logging: { accessLog: { file: { path: "/dev/stdout" } } },
      }),
    ],
    unknown: [0, "spec"],
  },
  {
    rule: "strict-mtls",
    cloud: "Google",
    what: "a backend service without settings for security",
    wrong: [backendService({})],
    right: [backendService({ securitySettings: { clientTlsPolicy: "policies/cart" } })],
    unknown: [0, "securitySettings"],
  },
  {
    rule: "access-logging",
    cloud: "VPC Lattice",
    what: "a service network whose requests nobody logs",
    wrong: [lattice("ServiceNetwork", "shop", { authType: "AWS_IAM" })],
    right: [
      lattice("ServiceNetwork", "shop", { authType: "AWS_IAM" }),
      lattice("AccessLogSubscription", "shop", { resourceIdentifier: "shop", destinationArn: "arn:aws:logs:::group" }),
    ],
  },
  {
    rule: "access-logging",
    cloud: "Google",
    what: "a backend service without logs",
    wrong: [backendService({ logConfig: { enable: false } })],
    right: [backendService({ logConfig: { enable: true } })],
    unknown: [0, "logConfig.enable"],
  },
  {
    rule: "end-of-life-and-budget",
    cloud: "App Mesh",
    what: "a service that has ended",
    wrong: [node("cart")],
    right: [lattice("Service", "cart", { authType: "AWS_IAM" })],
  },
  {
    rule: "end-of-life-and-budget",
    cloud: "VPC Lattice",
    what: "services over a budget",
    wrong: [lattice("Service", "cart"), lattice("Service", "web")],
    right: [lattice("Service", "cart")],
    settings: { maxMonthly: 20 },
  },
];
