import { isInjected, isLater, usesIstio, usesLinkerd } from "../../src/facts";
import { checksNamed } from "../checks";
import { DEPLOYMENT, documents, INJECTED_NAMESPACE, peerAuthentication, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const apart = /^(kube-|istio-|linkerd|cert-manager$|gatekeeper-|kyverno$)/;

export const namespaceInMesh: PolicyRule = {
  code: "MESH6013",
  name: "namespace-in-mesh",
  title: "Namespaces with workloads are in the mesh",
  why: "Policies of the mesh hold where its proxy stands. A namespace without it keeps none of them, silently.",
  wanted: "label istio-injection: enabled (or istio.io/rev, or ambient), or annotation linkerd.io/inject: enabled",
  remedy: "Label the namespace, and restart its pods.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: {
    istio: ["IST0102"],
    kyverno: [
      "enforce-sidecar-injection-namespace",
      "add-sidecar-injection-namespace",
      "enforce-ambient-mode-namespace",
      "add-ambient-mode-namespace",
      "require-linkerd-mesh-injection",
      "add-linkerd-mesh-injection",
    ],
  },
  checks: checksNamed("namespace-not-injected"),
  *run({ facts, resources }) {
    if (!usesIstio(resources) && !usesLinkerd(resources)) return;
    for (const namespace of resources.of("core/Namespace")) {
      if (isInjected(namespace) || apart.test(namespace.name) || isLater(namespace.name)) continue;
      // Injection that nobody can read yet may be on.
      if (Object.values(namespace.labels).some(isLater)) continue;
      const bare = facts.workloads.find((w) => w.namespace === namespace.name && !w.injected && w.replicas > 0);
      if (bare)
        yield {
          path: `${namespace.id}#metadata.labels`,
          message: `Nothing puts ${bare.name} of ${namespace.name} into the mesh`,
          found: "no injection",
        };
    }
  },
  example: {
    wrong: documents(
      `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
`,
      SERVICE,
      DEPLOYMENT,
      peerAuthentication("STRICT"),
    ),
    right: documents(INJECTED_NAMESPACE, SERVICE, DEPLOYMENT, peerAuthentication("STRICT")),
    unknown: [0, "metadata.labels"],
  },
};
