import type { Draft } from "../draft";
import { fields, isFields, items, labelsIn, text } from "../read";
import type { RawResource } from "../resource";
import { hostName, type Resources } from "../resources";

const tlsModes = { DISABLE: "DISABLE", SIMPLE: "SIMPLE", MUTUAL: "MUTUAL", ISTIO_MUTUAL: "MESH" } as const;
export function destinationRule(resource: RawResource, resources: Resources, draft: Draft): void {
  const { id, namespace, body } = resource;
  const spec = fields(body.spec);
  const host = hostName(text(spec.host) ?? "", namespace, resources);
  const inMesh = host.endsWith(".svc.cluster.local") || host.endsWith(".local");
  const policies = [
    { policy: fields(spec.trafficPolicy), path: `${id}#spec.trafficPolicy`, subset: undefined as string | undefined },
    ...items(spec.subsets, `${id}#spec.subsets`).map(({ item, path }) => ({
      policy: fields(item.trafficPolicy),
      path: `${path}.trafficPolicy`,
      subset: text(item.name),
    })),
  ];
  for (const { policy, path, subset } of policies) {
    const places = [
      { tls: policy.tls, at: `${path}.tls` },
      ...items(policy.portLevelSettings, `${path}.portLevelSettings`).map(({ item, path: at }) => ({
        tls: item.tls,
        at: `${at}.tls`,
      })),
    ];
    for (const { tls, at } of places) {
      if (!isFields(tls)) continue;
      const mode = tlsModes[(text(tls.mode) ?? "DISABLE") as keyof typeof tlsModes] ?? "NONE";
      draft.raw.clientTls.push({
        path: at,
        host,
        subset,
        mode,
        verified:
          tls.insecureSkipVerify !== true &&
          (tls.caCertificates !== undefined || tls.credentialName !== undefined || mode === "MESH"),
        external: !inMesh,
      });
    }
  }
  const whole = spec.subsets === undefined || spec.trafficPolicy !== undefined;
  if (whole) draft.raw.subsets.push({ path: id, host, namespace, labels: {} });
  for (const { item, path } of items(spec.subsets, `${id}#spec.subsets`))
    draft.raw.subsets.push({ path, host, namespace, name: text(item.name) ?? "", labels: labelsIn(item.labels) });
  if (inMesh)
    draft.raw.resilience.push({
      path: `${id}#spec.trafficPolicy.outlierDetection`,
      host,
      outlierDetection: policies.some(({ policy }) => policy.outlierDetection !== undefined),
      healthCheck: false,
    });
}
