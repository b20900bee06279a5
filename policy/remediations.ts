import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isInjected, reading } from "../src/facts";

type Properties = Readonly<Record<string, unknown>>;

/** What is safe to mend without asking: off until a configuration says `remediate`. */
export interface Remediation {
  readonly name: string;
  readonly title: string;
  /** The rule that then has nothing to say. */
  readonly of: string;
  readonly types: RegExp;
  /** The properties as they should be; undefined where they are. Unknown values are passed on untouched. */
  readonly mend: (properties: Properties) => Properties | undefined;
}

const { fields, labelsIn, text, inside } = reading;
const system = /^(kube-|istio-|linkerd|default$)/;

export const remediations: readonly Remediation[] = [
  {
    name: "add-injection-label",
    title: "Label namespaces for sidecar injection",
    of: "MESH6013",
    types: /^kubernetes:core\/v1:Namespace$/,
    mend(properties) {
      const metadata = fields(properties.metadata);
      const [labels, annotations] = [labelsIn(metadata.labels), labelsIn(metadata.annotations)];
      // Labels that are not known yet may say it already; a namespace that says no means it.
      const asked = labels["istio-injection"] !== undefined || annotations["linkerd.io/inject"] !== undefined;
      if (typeof metadata.labels === "string" || asked || isInjected({ labels, annotations })) return undefined;
      if (system.test(text(metadata.name) ?? "")) return undefined;
      const wanted = { ...fields(metadata.labels), "istio-injection": "enabled" };
      return { ...properties, metadata: { ...metadata, labels: wanted } };
    },
  },
  {
    name: "write-tls-mode",
    title: "Write the mesh's TLS mode into DestinationRules that switch it off or leave it out",
    of: "MESH6002",
    types: /^kubernetes:networking\.istio\.io\/[^:]+:DestinationRule$/,
    mend(properties) {
      const host = text(inside(properties, "spec", "host")) ?? "";
      // A host outside the mesh cannot take the mesh's TLS.
      if (!host.endsWith(".svc.cluster.local") && host.includes(".")) return undefined;
      const spec = fields(properties.spec);
      const policy = fields(spec.trafficPolicy);
      const tls = fields(policy.tls);
      if (typeof spec.trafficPolicy === "string" || typeof policy.tls === "string") return undefined;
      if (tls.mode !== undefined && tls.mode !== "DISABLE") return undefined;
      return {
        ...properties,
        spec: { ...spec, trafficPolicy: { ...policy, tls: { ...tls, mode: "ISTIO_MUTUAL" } } },
      };
    },
  },
  {
    name: "add-outlier-detection",
    title: "Give DestinationRules outlier detection where they have none",
    of: "MESH6031",
    types: /^kubernetes:networking\.istio\.io\/[^:]+:DestinationRule$/,
    mend(properties) {
      const spec = fields(properties.spec);
      const policy = fields(spec.trafficPolicy);
      if (typeof spec.trafficPolicy === "string" || policy.outlierDetection !== undefined) return undefined;
      const outlierDetection = {
        consecutive5xxErrors: 5,
        interval: "10s",
        baseEjectionTime: "30s",
        maxEjectionPercent: 50,
      };
      return { ...properties, spec: { ...spec, trafficPolicy: { ...policy, outlierDetection } } };
    },
  },
];

/** The object behind the one that throws at unknown values: what is unknown in it goes back as it came. */
const behind = (properties: Properties): Properties => {
  const target = properties.__isSpecialProxy === true ? properties.__getSpecialProxyTarget : properties;
  return fields(target);
};
export const asPolicy = ({ name, title, of, types, mend }: Remediation): ResourceValidationPolicy => ({
  name,
  displayName: title,
  description: `${title} (mends what ${of} reports).`,
  enforcementLevel: "disabled",
  remediateResource: ({ type, props }) => (types.test(type) ? mend(behind(props)) : undefined),
});
