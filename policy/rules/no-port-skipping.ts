import { isLater } from "../../src/facts";
import { checksNamed } from "../checks";
import { DEPLOYMENT } from "../examples";
import { type PolicyRule } from "../rule";

const around = new Set([
  "traffic.sidecar.istio.io/excludeInboundPorts",
  "traffic.sidecar.istio.io/excludeOutboundPorts",
  "traffic.sidecar.istio.io/excludeOutboundIPRanges",
  "config.linkerd.io/skip-inbound-ports",
  "config.linkerd.io/skip-outbound-ports",
  "appmesh.k8s.aws/egressIgnoredPorts",
  "appmesh.k8s.aws/egressIgnoredIPs",
]);

export const noPortSkipping: PolicyRule = {
  code: "MESH6015",
  name: "no-port-skipping",
  title: "No port goes around the proxy",
  why: "Traffic around the proxy has no identity, no policy and no telemetry; it works, so nobody notices.",
  wanted: "no ports excluded",
  remedy: "Remove the annotation; for protocols where the server speaks first, declare the port opaque instead.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kyverno: ["prevent-linkerd-port-skipping"] },
  checks: checksNamed("host-network"),
  *run({ facts, resources }) {
    const places = [
      ...facts.workloads.map(({ path, name, annotations }) => ({ path, name, annotations })),
      ...resources
        .of("core/Namespace")
        .map(({ id, name, annotations }) => ({ path: `${id}#metadata.annotations`, name, annotations })),
    ];
    for (const { path, name, annotations } of places)
      for (const [key, value] of Object.entries(annotations))
        if (around.has(key) && value !== "" && !isLater(value))
          yield { path, message: `${key} takes ${value} of ${name} around the proxy`, found: value };
  },
  example: {
    wrong: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "8080" } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1" }] }
`,
    right: DEPLOYMENT,
    unknown: [0, "spec.template.metadata.annotations.traffic~sidecar~istio~io/excludeInboundPorts"],
  },
};
