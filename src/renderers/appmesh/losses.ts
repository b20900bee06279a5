import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";

/** AWS ended App Mesh on 2026-09-30 (docs.aws.amazon.com/app-mesh, read 2026-11-23); every rendering says so. */
export const endOfLife: Finding = {
  code: "MESH2301",
  level: "warning",
  path: "",
  message:
    "AWS App Mesh ended on 2026-09-30: its console and resources can no longer be reached, so this can be rendered and compared, but not deployed",
  remedy:
    "Move to VPC Lattice (EKS, ECS) or ECS Service Connect (ECS): `meshup capabilities FILE --from appmesh --to vpc-lattice` lists what this mesh would lose.",
};

const MOST_ROUTES = 1000;

/** What only this renderer can know; what the backend cannot say at all is in the capability table. */
export function losses(model: Model): Finding[] {
  const crowded = model.routes
    .filter((route) => route.rules.reduce((sum, rule) => sum + 2 * Math.max(1, rule.matches.length), 0) > MOST_ROUTES)
    .map((route): Finding => ({
      code: "MESH2302",
      level: "error",
      path: route.path,
      message: `route ${route.name} needs more than ${MOST_ROUTES} App Mesh routes, and priorities end there`,
      remedy: "Split the route over several services.",
    }));
  const workloads = model.services
    .flatMap((service) => service.versions)
    .find((version) => version.workload !== undefined);
  const pods: Finding[] =
    workloads === undefined
      ? []
      : [
          {
            code: "MESH2303",
            level: "info",
            path: workloads.path,
            message:
              "App Mesh's resources do not include workloads: tasks or pods with the Envoy container are yours to run",
            remedy: "Register them in the Cloud Map services of the same name, one for each version.",
          },
        ];
  return [endOfLife, ...crowded, ...pods];
}
