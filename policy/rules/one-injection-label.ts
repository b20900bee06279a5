import { isLater } from "../../src/facts";
import { type PolicyRule } from "../rule";

export const oneInjectionLabel: PolicyRule = {
  code: "MESH6016",
  name: "one-injection-label",
  title: "One way into the mesh",
  why: "Two labels that disagree are settled by an order that few know: a namespace that is thought to be upgraded stays on the old revision, or gets two proxies.",
  wanted: "one of istio-injection, istio.io/rev, istio.io/dataplane-mode, linkerd.io/inject",
  remedy: "Keep the one that is meant.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0123"] },
  *run({ resources }) {
    for (const { id, name, labels, annotations } of resources.of("core/Namespace")) {
      const ways = [
        "istio-injection",
        "istio.io/rev",
        "istio.io/dataplane-mode",
        "appmesh.k8s.aws/sidecarInjectorWebhook",
      ].filter(
        (key) =>
          labels[key] !== undefined && labels[key] !== "disabled" && labels[key] !== "none" && !isLater(labels[key]),
      );
      if (annotations["linkerd.io/inject"] === "enabled") ways.push("linkerd.io/inject");
      if (ways.length > 1)
        yield {
          path: `${id}#metadata.labels`,
          message: `${name} enters the mesh in ${ways.length} ways`,
          found: ways.join(", "),
        };
    }
  },
  example: {
    wrong: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, istio.io/rev: canary } }
`,
    right: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/rev: canary } }
`,
    unknown: [0, "metadata.labels"],
  },
};
