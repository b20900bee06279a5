import { isLater, workloadTypes } from "../../src/facts";
import { DEPLOYMENT, documents, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

export const selectorMatches: PolicyRule = {
  code: "MESH6030",
  name: "selector-matches",
  title: "What is selected is there",
  why: "A policy whose labels no pod carries applies to nothing; of two Sidecars for the same pods one is ignored.",
  wanted: "labels that a pod here carries",
  remedy: "Write the labels of the pod template, not of the Deployment.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { istio: ["IST0110", "IST0111", "IST0127"], kiali: ["KIA0002", "KIA0003", "KIA0004"] },
  *run({ raw, resources, pods, facts }) {
    const held = new Set(resources.of(...workloadTypes).map(({ namespace }) => namespace));
    // A service without pods here stands for pods that are not written here.
    const elsewhere = new Set(facts.services.flatMap((s) => (s.versions.length === 0 ? [s.namespace] : [])));
    const sidecars = new Map<string, string>();
    for (const { path, kind, namespace, labels, anywhere } of raw.selectors) {
      const text = JSON.stringify(Object.entries(labels).sort());
      if (kind === "Sidecar" && !isLater(namespace)) {
        const first = sidecars.get(`${namespace} ${text}`);
        if (first !== undefined) yield { path, message: `${first.split("#")[0]} is for the same pods`, found: text };
        sidecars.set(`${namespace} ${text}`, path);
      }
      // Pods of another stack are not to be seen from here: only a namespace whose pods are here can lack one.
      if (anywhere || !held.has(namespace) || Object.keys(labels).length === 0 || text.includes("(known after"))
        continue;
      if (pods.selected(namespace, labels).length === 0 && !elsewhere.has(namespace))
        yield { path, message: `No pod of ${namespace} has these labels`, found: JSON.stringify(labels) };
    }
  },
  example: {
    wrong: documents(
      SERVICE,
      DEPLOYMENT,
      `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: crat } }, mtls: { mode: STRICT } }
`,
    ),
    right: documents(
      SERVICE,
      DEPLOYMENT,
      `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT } }
`,
    ),
    unknown: [1, "spec.template.metadata.labels"],
  },
};
