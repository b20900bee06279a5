import { type PolicyRule } from "../rule";

export const clientTls: PolicyRule = {
  code: "MESH6002",
  name: "client-tls",
  title: "Clients never switch TLS off",
  why: "A client that is told not to use TLS sends plain text, whatever the server would take; a server that is STRICT refuses it with 503.",
  wanted: "TLS towards every destination",
  remedy: "Remove the setting, or write ISTIO_MUTUAL (App Mesh: enforce: true; Google: a client TLS policy).",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: {
    kyverno: ["enforce-tls-hosts-host-subnets"],
    other: ["AWS Config virtual-node-service-backends-tls-enforced"],
  },
  *run({ raw }) {
    for (const { path, host, subset, mode, external } of raw.clientTls)
      if (mode === "DISABLE" && !external)
        yield {
          path,
          message: `Clients call ${host}${subset === undefined ? "" : ` (${subset})`} in plain text`,
          found: mode,
        };
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { tls: { mode: DISABLE } } }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
`,
    unknown: [0, "spec.trafficPolicy.tls.mode"],
  },
};
