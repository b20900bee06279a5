import { type PolicyRule } from "../rule";

/** Served versions by kind: Gateway API 1.4 (2025-10) and Istio 1.30's own, read 2026-11-23. */
const served: Readonly<Record<string, readonly string[]>> = {
  "gateway.networking.k8s.io/Gateway": ["v1", "v1beta1"],
  "gateway.networking.k8s.io/GatewayClass": ["v1", "v1beta1"],
  "gateway.networking.k8s.io/HTTPRoute": ["v1", "v1beta1"],
  "gateway.networking.k8s.io/GRPCRoute": ["v1"],
  "gateway.networking.k8s.io/TLSRoute": ["v1", "v1alpha3", "v1alpha2"],
  "gateway.networking.k8s.io/TCPRoute": ["v1alpha2"],
  "gateway.networking.k8s.io/ReferenceGrant": ["v1", "v1beta1"],
};

export const gatewayApiVersion: PolicyRule = {
  code: "MESH6038",
  name: "gateway-api-version",
  title: "Gateway API resources in a version that is served",
  why: "An API version that the cluster no longer serves is refused at the next upgrade; what is experimental changes without notice.",
  wanted: "the served version of the kind",
  remedy: "Change apiVersion: the fields are the same.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0156"] },
  *run({ resources }) {
    for (const [type, versions] of Object.entries(served))
      for (const { id, version } of resources.of(type))
        if (!versions.includes(version))
          yield {
            path: `${id}#apiVersion`,
            message: `${type.split("/")[1]} ${version} is no longer served`,
            wanted: versions[0],
          };
  },
  example: {
    wrong: `
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec: { parentRefs: [{ name: public, namespace: edge }], rules: [{ backendRefs: [{ name: cart, port: 80 }] }] }
`,
    right: `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec: { parentRefs: [{ name: public, namespace: edge }], rules: [{ backendRefs: [{ name: cart, port: 80 }] }] }
`,
    unknown: [0, "apiVersion"],
  },
};
