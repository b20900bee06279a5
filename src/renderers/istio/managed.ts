import type { Model } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { defined } from "../k8s-resource";
import type { Settings } from "./settings";

const FEATURE = "Feature/servicemesh";
const MEMBERSHIP = "Membership";

/**
 * Cloud Service Mesh on GKE: the fleet's feature, the cluster's membership, and Google's automatic management of both
 * planes. Rendered where the cluster is named; otherwise the mesh is there already.
 */
export function fleet(model: Model, settings: Settings): PlanResource[] {
  if (settings.cluster === undefined) return [];
  const { project, cluster } = settings;
  const location = settings.location ?? "global";
  const membershipId = settings.membership ?? model.name;
  const membership: PlanResource = {
    id: MEMBERSHIP,
    type: "gcp:gkehub/membership:Membership",
    name: model.name,
    properties: defined({
      membershipId,
      location,
      project,
      endpoint: { gkeCluster: { resourceLink: cluster } },
    }),
    owner: "mesh",
    dependsOn: [],
    provider: "gcp",
  };
  const feature: PlanResource = {
    id: FEATURE,
    type: "gcp:gkehub/feature:Feature",
    name: "servicemesh",
    properties: defined({ name: "servicemesh", location: "global", project }),
    owner: "mesh",
    dependsOn: [],
    provider: "gcp",
  };
  const managed: PlanResource = {
    id: "FeatureMembership",
    type: "gcp:gkehub/featureMembership:FeatureMembership",
    name: model.name,
    properties: defined({
      location: "global",
      feature: ref(FEATURE, "name"),
      membership: ref(MEMBERSHIP, "membershipId"),
      membershipLocation: location,
      project,
      mesh: { management: "MANAGEMENT_AUTOMATIC" },
    }),
    owner: "mesh",
    dependsOn: [FEATURE, MEMBERSHIP],
    provider: "gcp",
  };
  return [feature, membership, managed];
}
