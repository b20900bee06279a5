import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { type Plan, type PlanResource, ref } from "../../plan/plan";
import { listeners } from "./listeners";
import { losses } from "./losses";
import { networkId, networkName } from "./names";
import { latticePorts } from "./protocols";
import { latticeService } from "./services";
import { targetGroups, vpc } from "./target-groups";

/**
 * A mesh on Amazon VPC Lattice: a service network in the VPC, a service for each that speaks HTTP, gRPC or TLS, a
 * target group a version, listeners and rules. Target groups come before the rules that name them.
 */
export function render(model: Model): { plan: Plan; findings: Finding[] } {
  const served = model.services.filter((service) => latticePorts(service).length > 0);
  const resources: PlanResource[] = [
    ...network(model),
    ...served.flatMap((service) => targetGroups(model, service)),
    ...served.flatMap((service) => latticeService(model, service)),
    ...served.flatMap((service) => listeners(model, service)),
  ];
  return { plan: { backend: "vpc-lattice", resources }, findings: losses(model, resources) };
}

function network(model: Model): PlanResource[] {
  const settings = model.backends["vpc-lattice"]?.settings ?? {};
  const root: PlanResource = {
    id: networkId(model),
    type: "aws:vpclattice/serviceNetwork:ServiceNetwork",
    name: model.name,
    properties: { name: networkName(model), authType: "NONE" },
    owner: "mesh",
    dependsOn: [],
    provider: "aws",
    protect: true,
  };
  const association: PlanResource[] =
    vpc(model) === undefined
      ? []
      : [
          {
            id: `vpclattice.ServiceNetworkVpcAssociation/${model.name}`,
            type: "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation",
            name: model.name,
            properties: {
              serviceNetworkIdentifier: ref(root.id, "id"),
              vpcIdentifier: vpc(model),
              ...(settings.securityGroupIds !== undefined && { securityGroupIds: settings.securityGroupIds }),
            },
            owner: "mesh",
            dependsOn: [root.id],
            provider: "aws",
          },
        ];
  // Access logs go where `accessLogDestinationArn` says (a log group, a bucket or a stream).
  const logs: PlanResource[] =
    model.telemetry.accessLogs === undefined || settings.accessLogDestinationArn === undefined
      ? []
      : [
          {
            id: `vpclattice.AccessLogSubscription/${model.name}`,
            type: "aws:vpclattice/accessLogSubscription:AccessLogSubscription",
            name: model.name,
            properties: { resourceIdentifier: ref(root.id, "id"), destinationArn: settings.accessLogDestinationArn },
            owner: "mesh",
            dependsOn: [root.id],
            provider: "aws",
          },
        ];
  return [root, ...association, ...logs];
}
