import { parseAllDocuments } from "yaml";
import { estateOf, readings, resourcesOf, UNKNOWN, type Estate } from "../../src/facts";

const estate = (text: string): Estate =>
  estateOf(
    parseAllDocuments(text).flatMap((d) => resourcesOf({ properties: d.toJS() as Readonly<Record<string, unknown>> })),
  );
const pulumi = (type: string, properties: Readonly<Record<string, unknown>>): Estate =>
  estateOf(resourcesOf({ id: "urn", type, name: "r", properties }));

describe("Kubernetes", () => {
  const shop = estate(`
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: web, port: 80, targetPort: api, appProtocol: kubernetes.io/h2c }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart-v1, namespace: shop }
spec:
  replicas: 3
  template:
    metadata: { labels: { app: cart, version: v1 } }
    spec: { serviceAccountName: cart, containers: [{ name: app, ports: [{ name: api, containerPort: 8080 }] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: other, namespace: other }
spec: { template: { metadata: { labels: { app: cart } } } }
`);
  it("finds a service's pods in its own namespace, their identity, and the port behind a name", () => {
    const [cart] = shop.facts.services;
    expect(cart?.versions.map(({ name }) => name)).toEqual(["cart-v1"]);
    expect(cart?.ports).toMatchObject([{ port: 80, targetPort: 8080, protocol: "http2" }]);
    expect(shop.facts.workloads[0]).toMatchObject({ replicas: 3, principal: "cluster.local/ns/shop/sa/cart" });
  });
  it("keeps workloads that no service selects", () => {
    expect(shop.facts.workloads.map(({ name }) => name)).toEqual(["cart-v1", "other"]);
  });
});

describe("Istio", () => {
  it("takes the mesh's mode from the root namespace, and the empty policy as closed", () => {
    const { facts } = estate(`
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: none, namespace: shop }
spec: {}
`);
    expect(facts.mesh.mode).toBe("STRICT");
    expect(facts.defaultDeny).toMatchObject([{ namespace: "shop" }]);
  });
  it("gives short hosts the namespace of who wrote them", () => {
    const { raw } = estate(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
`);
    expect(raw.subsets).toMatchObject([{ host: "cart.shop.svc.cluster.local", name: "v1" }]);
  });
});

describe("Linkerd", () => {
  it("closes what a Server selects, and reads identities in the words of SPIFFE", () => {
    const { facts } = estate(`
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, port: http }
---
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata: { name: web, namespace: shop }
spec: { identities: [web.shop.serviceaccount.identity.linkerd.cluster.local] }
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  targetRef: { group: policy.linkerd.io, kind: Server, name: cart }
  requiredAuthenticationRefs: [{ group: policy.linkerd.io, kind: MeshTLSAuthentication, name: web }]
`);
    expect(facts.authorization.map(({ rules }) => rules.length)).toEqual([0, 1]);
    expect(facts.authorization[1]?.rules[0]?.from[0]?.principals).toEqual(["cluster.local/ns/shop/sa/web"]);
    expect(facts.authorization[1]?.target).toEqual({ namespace: "shop", selector: { app: "cart" } });
  });
});

describe("AWS and Google", () => {
  it("reads App Mesh's listeners and client policies, as the provider and as the controller write them", () => {
    const spec = {
      listeners: [{ portMapping: { port: 80 }, tls: { mode: "PERMISSIVE" } }],
      backends: [{ virtualService: { virtualServiceName: "rates" } }],
    };
    for (const { raw } of [
      pulumi("aws:appmesh/virtualNode:VirtualNode", { name: "cart", spec }),
      estateOf(resourcesOf({ properties: { apiVersion: "appmesh.k8s.aws/v1beta2", kind: "VirtualNode", spec } })),
    ]) {
      expect(raw.serverTls).toMatchObject([{ mode: "PERMISSIVE" }]);
      expect(raw.clientTls).toMatchObject([{ mode: "NONE" }]);
      expect(raw.logging).toMatchObject([{ on: false }]);
    }
  });
  it("reads what Lattice asks of callers", () => {
    const of = (authType: string) => pulumi("aws:vpclattice/service:Service", { name: "cart", authType }).raw.access;
    expect([of("NONE"), of("AWS_IAM")]).toMatchObject([[{ closed: false }], [{ closed: true }]]);
  });
  it("looks at Google's backend services of a mesh only", () => {
    const of = (loadBalancingScheme: string) =>
      pulumi("gcp:compute/backendService:BackendService", { name: "cart", loadBalancingScheme }).raw.resilience;
    expect(of("INTERNAL_SELF_MANAGED")).toMatchObject([{ outlierDetection: false, healthCheck: false }]);
    expect(of("EXTERNAL")).toEqual([]);
  });
});

it("reads unknown values twice, and what is known once", () => {
  const policy = (mode: unknown) => ({
    properties: {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "default", namespace: "istio-system" },
      spec: { mtls: { mode } },
    },
  });
  expect(readings([policy("DISABLE")]).map(({ facts }) => facts.mesh.mode)).toEqual(["DISABLE"]);
  expect(readings([policy(UNKNOWN)]).map(({ facts }) => facts.mesh.mode)).toEqual(["PERMISSIVE", "STRICT"]);
});
