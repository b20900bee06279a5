import { isFields, type Fields } from "./read";
import { LATER } from "./resource";

/**
 * Stands in a resource for a value that a preview cannot know yet.
 *
 * Rules never see it. They look at two readings of the same resources: `least`, where what is unknown is absent, and
 * `best`, where it is as good as it can be. What holds in both holds whatever the value becomes; anything else is not
 * said. So an unknown value hides no violation that is certain already, and makes none that is not.
 */
export const UNKNOWN: unique symbol = Symbol("known after deployment");
export type Reading = "least" | "best";

export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isFields(value) && Object.values(value).some(hasUnknown);
}

/** The properties in one of the two readings. */
export const readAs = (value: Fields, reading: Reading): Fields => read(value, reading, []) as Fields;

function read(value: unknown, reading: Reading, path: readonly string[]): unknown {
  if (value === UNKNOWN) return reading === "best" ? best(path) : undefined;
  if (Array.isArray(value)) {
    const kept = value.map((item: unknown) => read(item, reading, [...path, "*"]));
    // What has no known place in a list is no item of it, except that names and patterns may be any.
    return kept.filter((item) => item !== undefined);
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const seen = read(item, reading, [...path, key]);
      return seen === undefined ? [] : [[key, seen]];
    }),
  );
}

const quantities = { cpu: "1", memory: "1Gi" };
const ejecting = { consecutive5xxErrors: 5 };
const hardened = { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const enforced = { enforce: true, ports: [], validation: { trust: { file: { certificateChain: LATER } } } };
/** The value that no rule has anything against, by the end of the path. Longer ends go first. */
const bestValues: readonly (readonly [end: string, value: unknown])[] = [
  ["meshConfig.outboundTrafficPolicy", { mode: "REGISTRY_ONLY" }],
  ["outboundTrafficPolicy.mode", "REGISTRY_ONLY"],
  ["mtls.mode", "STRICT"],
  ["portLevelMtls.*.mode", "STRICT"],
  // App Mesh and the Gateway API mean different things by it: each extractor takes its own best.
  ["listeners.*.tls.mode", LATER],
  ["listener.tls.mode", "STRICT"],
  ["servers.*.tls.mode", "SIMPLE"],
  ["servers.*.tls", { mode: "SIMPLE", credentialName: LATER, minProtocolVersion: "TLSV1_3" }],
  ["trafficPolicy.tls.mode", "ISTIO_MUTUAL"],
  ["tls.mode", "ISTIO_MUTUAL"],
  ["clientPolicy.tls", enforced],
  ["clientPolicy", { tls: enforced }],
  ["backendDefaults", { clientPolicy: { tls: enforced } }],
  ["tls.enforce", true],
  ["validation", { trust: { file: { certificateChain: LATER } } }],
  ["egressFilter", { type: "DROP_ALL" }],
  ["egressFilter.type", "DROP_ALL"],
  ["trafficPolicy", { tls: { mode: "ISTIO_MUTUAL" }, outlierDetection: ejecting }],
  ["outlierDetection", ejecting],
  ["outlierDetection.*", 5],
  ["healthCheck", { protocol: "http" }],
  ["logging", { accessLog: { file: { path: "/dev/stdout" } } }],
  // App Mesh's alone: no other kind has these in its spec.
  ["^spec", { logging: { accessLog: { file: { path: "/dev/stdout" } } }, egressFilter: { type: "DROP_ALL" } }],
  ["logConfig", { enable: true }],
  ["logConfig.enable", true],
  ["securitySettings", { clientTlsPolicy: LATER }],
  ["serverValidationCas", [{ pluginInstance: LATER }]],
  ["certificateUrls", [LATER]],
  ["accessLogging", [{ providers: [{ name: "otel" }] }]],
  ["accessLogging.*.disabled", false],
  ["mtls", { mode: "STRICT" }],
  ["protocol", "HTTPS"],
  ["minProtocolVersion", "TLSV1_3"],
  ["minTlsVersion", "TLS_1_3"],
  ["allowOpen", false],
  ["authType", "AWS_IAM"],
  ["replicas", 1000],
  ["minReplicas", 1000],
  ["weight", 1],
  ["resources", { limits: quantities, requests: quantities }],
  ["limits", quantities],
  ["requests", quantities],
  ["limits.*", "1"],
  ["requests.*", "1"],
  ["securityContext", hardened],
  ["runAsNonRoot", true],
  ["runAsUser", 1000],
  ["privileged", false],
  ["allowPrivilegeEscalation", false],
  ["hostNetwork", false],
  ["automountServiceAccountToken", false],
  ["serviceAccountName", LATER],
  ["duration", "24h"],
  ["renewBefore", "8h"],
  // Neither lets in nor keeps out: what it becomes decides.
  ["action", "AUDIT"],
  ["match", [{ uri: { exact: LATER } }]],
  ["matches", [{ path: { type: "Exact", value: LATER } }]],
  ["template.metadata.labels", { [LATER]: LATER }],
  ["trafficPolicy.tls", { mode: "ISTIO_MUTUAL" }],
  ["appProtocol", "http"],
  ["pathNormalization.normalization", "MERGE_SLASHES"],
  ["pathNormalization", { normalization: "MERGE_SLASHES" }],
  ["^metadata.labels", { "istio-injection": "enabled" }],
  ["^metadata.annotations", { "linkerd.io/inject": "enabled" }],
  ["metadata.labels.istio-injection", "enabled"],
  ["metadata.annotations.linkerd.io/inject", "enabled"],
];
const byEnd = [...bestValues].sort(([a], [b]) => b.split(".").length - a.split(".").length);

function best(path: readonly string[]): unknown {
  // Keys of labels and annotations hold dots of their own, so ends are compared as text.
  const joined = `.${path.join(".")}`;
  const found = byEnd.find(([end]) => {
    if (end.startsWith("^")) return joined === `.${end.slice(1)}`;
    if (!end.includes("*")) return joined.endsWith(`.${end}`);
    const pattern = end.split(".");
    const tail = path.slice(-pattern.length);
    return tail.length === pattern.length && pattern.every((p, i) => p === "*" || p === tail[i]);
  });
  return found ? found[1] : LATER;
}
