import { fromObject } from "../model";
import type { BackendName } from "../model/model";
import { newDraft, type Draft } from "./draft";
import type { Facts } from "./facts";
import { fromAws } from "./from-aws";
import { fromGatewayApi } from "./from-gateway-api";
import { fromGoogle } from "./from-google";
import { fromIstio } from "./from-istio";
import { fromKubernetes, PodIndex } from "./from-kubernetes";
import { fromLinkerd } from "./from-linkerd";
import { fromModel } from "./from-model";
import { Lookup } from "./lookup";
import { noRawFacts, type RawFacts } from "./raw-facts";
import { fields } from "./read";
import { type Given, type RawResource, resourcesOf } from "./resource";
import { Resources } from "./resources";
import { hasUnknown, readAs, type Reading } from "./unknown";
import type { Model } from "../model/model";

/** All that rules look at: a stack, a directory of manifests, or a mesh file. */
export interface Estate {
  readonly facts: Facts;
  readonly raw: RawFacts;
  readonly resources: Resources;
  readonly pods: PodIndex;
  /** A mesh file says everything about its mesh; resources show what they hold. */
  readonly model?: Model;
}

/** A mesh file, or a mesh on this host. */
export function estateOfModel(model: Model): Estate {
  const resources = new Resources([]);
  return { facts: fromModel(model), raw: noRawFacts(), resources, pods: new PodIndex(resources), model };
}

export function estateOf(found: readonly RawResource[]): Estate {
  const resources = new Resources(found);
  const draft = newDraft();
  // Only Istio has a mode of the mesh, and what is open outside or logged is told where it is written (RawFacts).
  if (!usesIstio(resources)) draft.mesh.mode = "STRICT";
  const pods = new PodIndex(resources);
  fromIstio(resources, draft);
  fromLinkerd(resources, draft);
  fromKubernetes(resources, pods, draft);
  fromGatewayApi(resources, draft);
  fromAws(resources, draft);
  fromGoogle(resources, draft);
  draft.telemetry.accessLogs ??= { path: "", format: "json", filter: "all" };
  draft.mesh.path = draft.mesh.path || (draft.services[0]?.path ?? "");
  return { facts: factsOf(draft, resources), raw: draft.raw, resources, pods };
}

export const usesIstio = (resources: Resources): boolean =>
  ["networking.istio.io/", "security.istio.io/"].some((group) => resources.uses(group)) ||
  resources.of("core/Namespace").some((n) => Object.keys(n.labels).some((key) => key.startsWith("istio")));
export const usesLinkerd = (resources: Resources): boolean =>
  resources.uses("policy.linkerd.io/") ||
  resources.of("core/Namespace").some((n) => n.annotations["linkerd.io/inject"] !== undefined);

/**
 * The two readings of resources with unknown values, or the one where all is known. What a rule finds in each of them
 * is certain.
 */
export function readings(given: readonly Given[]): readonly Estate[] {
  const unknown = given.some((g) => hasUnknown(g.properties));
  const read = (reading: Reading): Estate =>
    estateOf(given.flatMap((g) => resourcesOf({ ...g, properties: readAs(g.properties, reading) })));
  return unknown ? [read("least"), read("best")] : [estateOf(given.flatMap(resourcesOf))];
}

/** Meshes that run on this host are one resource that holds the whole mesh file. */
export function meshesIn(given: readonly Given[]): readonly { readonly id: string; readonly model: Model }[] {
  return given.flatMap(({ id = "", type, properties }) => {
    if (type !== "pulumi-nodejs:dynamic/meshup:HostMesh" || hasUnknown(properties)) return [];
    const { model } = fromObject(fields(properties.document));
    return model ? [{ id, model }] : [];
  });
}

function factsOf(draft: Draft, resources: Resources): Facts {
  const { raw: _, ...lists } = draft;
  const all = {
    ...lists,
    backends: endOfLife(resources),
    // Other stacks may hold more, and a stack shows nobody's calls.
    complete: { workloads: false, calls: false },
  };
  return { ...all, wrote: () => true, lookup: new Lookup(all) };
}
function endOfLife(resources: Resources): { path: string; name: BackendName }[] {
  const found = resources.all.find(({ type }) => /^(aws:appmesh\/|appmesh\.k8s\.aws\/)/.test(type));
  return found ? [{ path: found.id, name: "appmesh" }] : [];
}
