import type { Plan, PlanResource } from "../../src/plan";

export const resource = (
  id: string,
  dependsOn: readonly string[] = [],
  extra: Partial<PlanResource> = {},
): PlanResource => ({
  id,
  type: "kubernetes:core/v1:ConfigMap",
  name: id,
  properties: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: id } },
  owner: "mesh",
  dependsOn,
  provider: "kubernetes",
  ...extra,
});

export const plan = (...resources: readonly PlanResource[]): Plan => ({ backend: "test", resources });
