import type { Labels } from "../model/model";
import type { Draft } from "./draft";
import { destinationRule } from "./istio/destinations";
import { gateway, serviceEntry } from "./istio/edge";
import { virtualService } from "./istio/routes";
import { authorization, peerAuthentication, requestAuthentication } from "./istio/security";
import { ROOT_NAMESPACE, selection } from "./istio/selection";
import { fields, inside, isFields, items, labelsIn, list, text } from "./read";
import { isLater, type RawResource } from "./resource";
import type { Resources } from "./resources";

const NETWORKING = "networking.istio.io";
const SECURITY = "security.istio.io";

/** Istio's own resources, and the settings of the mesh where they are written. */
export function fromIstio(resources: Resources, draft: Draft): void {
  for (const resource of resources.of("core/ConfigMap", "install.istio.io/IstioOperator", "sailoperator.io/Istio"))
    meshConfig(resource, draft);
  for (const resource of resources.of(`${SECURITY}/PeerAuthentication`)) peerAuthentication(resource, draft);
  for (const resource of resources.of(`${SECURITY}/AuthorizationPolicy`)) authorization(resource, draft);
  for (const resource of resources.of(`${SECURITY}/RequestAuthentication`)) requestAuthentication(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/ServiceEntry`)) serviceEntry(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/Gateway`)) gateway(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/VirtualService`)) virtualService(resource, resources, draft);
  for (const resource of resources.of(`${NETWORKING}/DestinationRule`)) destinationRule(resource, resources, draft);
  for (const resource of resources.of(`${NETWORKING}/Sidecar`)) sidecar(resource, draft);
  for (const resource of resources.of("telemetry.istio.io/Telemetry")) telemetry(resource, draft);
  for (const resource of resources.of(`${NETWORKING}/EnvoyFilter`, "extensions.istio.io/WasmPlugin"))
    selection(resource, inside(resource.body, "spec", "workloadSelector", "labels"), "spec.workloadSelector", draft);
}

/** A MeshConfig is text in a ConfigMap, which others may parse; here only what an operator resource holds is read. */
function meshConfig({ id, type, body }: RawResource, draft: Draft): void {
  if (type === "core/ConfigMap") return;
  const at = type.startsWith("sail") ? ["spec", "values", "meshConfig"] : ["spec", "meshConfig"];
  const config = inside(body, ...at);
  if (!isFields(config)) return;
  const path = `${id}#${at.join(".")}`;
  draft.mesh.trustDomain = text(config.trustDomain) ?? draft.mesh.trustDomain;
  const egress = text(inside(config, "outboundTrafficPolicy", "mode"));
  draft.raw.egress.push({ path: `${path}.outboundTrafficPolicy`, open: egress !== "REGISTRY_ONLY", scope: "the mesh" });
  if (config.accessLogFile !== undefined)
    draft.raw.logging.push({ path: `${path}.accessLogFile`, scope: "the mesh", on: config.accessLogFile !== "" });
}

function sidecar(resource: RawResource, draft: Draft): void {
  const spec = fields(resource.body.spec);
  const labels: Labels | undefined = isFields(spec.workloadSelector)
    ? labelsIn(spec.workloadSelector.labels)
    : undefined;
  draft.raw.selectors.push({
    path: `${resource.id}#spec.workloadSelector`,
    kind: "Sidecar",
    namespace: resource.namespace,
    labels: labels ?? {},
    anywhere: false,
  });
  const mode = text(inside(spec, "outboundTrafficPolicy", "mode"));
  if (mode !== undefined)
    draft.raw.egress.push({
      path: `${resource.id}#spec.outboundTrafficPolicy.mode`,
      open: mode !== "REGISTRY_ONLY",
      scope: labels ? `the pods of Sidecar ${resource.name}` : `namespace ${resource.namespace}`,
    });
}

function telemetry(resource: RawResource, draft: Draft): void {
  const { id, namespace, body } = resource;
  const spec = fields(body.spec);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of items(spec.accessLogging, `${id}#spec.accessLogging`)) {
    const on = item.disabled !== true;
    draft.raw.logging.push({ path, scope: namespace === ROOT_NAMESPACE ? "the mesh" : `namespace ${namespace}`, on });
    if (on && namespace === ROOT_NAMESPACE && !isLater(id) && list(spec.selector).length === 0)
      draft.telemetry.accessLogs = { path, format: "json", filter: "all" };
  }
}
