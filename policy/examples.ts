/** Manifests that the examples of several rules are made of: one application, `cart`, in the namespace `shop`. */

/** A file of several manifests. */
export const documents = (...manifests: readonly string[]): string =>
  manifests.map((text) => text.trim()).join("\n---\n");

export const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1" }] }
`;
export const INJECTED_NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
`;
/** The mode of a whole namespace. */
export const peerAuthentication = (mode: "STRICT" | "DISABLE"): string => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
`;
/** Everyone may GET. */
export const GET_ALLOWED = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`;
/** Nothing is allowed that no other policy allows. */
export const DENY_ALL = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all, namespace: shop }
spec: {}
`;
export const VIRTUAL_SERVICE = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
`;
export const LINKERD_SERVER = `
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, port: http }
`;
