import type { Finding } from "../../model/finding";
import { keyOf, type Model, type Service } from "../../model/model";
import { type Plan, type PlanResource, ref } from "../../plan/plan";
import { listeners } from "./listeners";
import { losses } from "./losses";
import { networkId, networkName, RANDOM_BYTES, serviceId, servicePrefix } from "./names";
import { latticePorts, targetGroups, vpc } from "./target-groups";

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
  return { plan: { backend: "vpc-lattice", resources }, findings: losses(model) };
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

/** The service under a name that is never used twice, and its place in the service network. */
function latticeService(model: Model, service: Service): PlanResource[] {
  const owner = `service:${keyOf(service)}`;
  const name = `${service.namespace}-${service.name}`;
  const unique: PlanResource = {
    id: `random.RandomId/${keyOf(service)}`,
    type: "random:index/randomId:RandomId",
    name,
    properties: { byteLength: RANDOM_BYTES, prefix: servicePrefix(model, service) },
    owner,
    dependsOn: [],
    provider: "random",
  };
  const root: PlanResource = {
    id: serviceId(service),
    type: "aws:vpclattice/service:Service",
    name,
    properties: { name: ref(unique.id, "hex"), authType: "NONE" },
    owner,
    dependsOn: [unique.id],
    provider: "aws",
  };
  return [
    unique,
    root,
    {
      id: `vpclattice.ServiceNetworkServiceAssociation/${keyOf(service)}`,
      type: "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
      name,
      properties: { serviceIdentifier: ref(root.id, "id"), serviceNetworkIdentifier: ref(networkId(model), "id") },
      owner,
      dependsOn: [root.id, networkId(model)],
      provider: "aws",
    },
  ];
}
