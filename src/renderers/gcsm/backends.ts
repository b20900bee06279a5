import { effectiveMtls, principalsOf } from "../../model/lookup";
import { keyOf, type Model, type Port, type Service, type Version } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { backendName, backendServiceId, nameOf, trustDomainOf } from "./names";
import { projectOf, settingsOf } from "./settings";
import { clientTlsPolicyId } from "./tls";
import { balancing, circuitBreakers, healthCheck, outlierDetection } from "./traffic";

/** One backend service a version, or one for pods that exist already. */
export const versionsOrNone = (service: Service): readonly (Version | undefined)[] =>
  service.versions.length === 0 ? [undefined] : service.versions;

const protocols = { http: "HTTP", http2: "HTTP2", grpc: "GRPC", tcp: "TCP", tls: "TCP" } as const;
/** The longest that a backend service can be told to wait (seconds): the route's own timeout is what cuts off. */
const NO_TIMEOUT = 2_147_483_647;

/** Health check, network endpoint group and backend service of every version and port. */
export function backends(model: Model, service: Service): PlanResource[] {
  const local = lbPolicyOf(model, service);
  const perPort = service.ports.flatMap((port) => {
    const check = healthCheckResource(model, service, port);
    return [check, ...versionsOrNone(service).flatMap((version) => backend(model, service, version, port, check.id))];
  });
  return local === undefined ? perPort : [local, ...perPort];
}

/** Endpoints of the same zone first, the nearest other zones after them. */
function lbPolicyOf(model: Model, service: Service): PlanResource | undefined {
  if (service.traffic.loadBalancing.locality?.mode !== "prefer") return undefined;
  const name = nameOf(model.name, service.namespace, service.name);
  return {
    id: `networkservices.ServiceLbPolicies/${keyOf(service)}`,
    type: "gcp:networkservices/serviceLbPolicies:ServiceLbPolicies",
    name,
    properties: { name, ...projectOf(model), location: "global", loadBalancingAlgorithm: "WATERFALL_BY_ZONE" },
    owner: `service:${keyOf(service)}`,
    dependsOn: [],
    provider: "gcp",
  };
}
/** Backend services name it by its whole URL, which is known from the project and the name. */
const lbPolicyUrl = (model: Model, { name }: PlanResource): string =>
  `//networkservices.googleapis.com/projects/${String(settingsOf(model).project)}/locations/global/serviceLbPolicies/${name}`;

function healthCheckResource(model: Model, service: Service, port: Port): PlanResource {
  const name = nameOf(model.name, service.namespace, service.name, port.port);
  return {
    id: `compute.HealthCheck/${name}`,
    type: "gcp:compute/healthCheck:HealthCheck",
    name,
    properties: { name, ...projectOf(model), ...healthCheck(port, service.traffic) },
    owner: `service:${keyOf(service)}`,
    dependsOn: [],
    provider: "gcp",
  };
}

function backend(
  model: Model,
  service: Service,
  version: Version | undefined,
  port: Port,
  check: string,
): PlanResource[] {
  const settings = settingsOf(model);
  const name = backendName(model, service, version, port);
  const owner = `service:${keyOf(service)}`;
  const tcp = protocols[port.protocol] === "TCP";
  const group: PlanResource = {
    id: `compute.NetworkEndpointGroup/${name}`,
    type: "gcp:compute/networkEndpointGroup:NetworkEndpointGroup",
    name,
    properties: {
      name,
      ...projectOf(model),
      network: settings.network,
      ...(settings.subnetwork !== undefined && { subnetwork: settings.subnetwork }),
      ...(settings.zone !== undefined && { zone: settings.zone }),
      networkEndpointType: "GCE_VM_IP_PORT",
      defaultPort: port.targetPort,
    },
    owner,
    dependsOn: [],
    provider: "gcp",
  };
  const local = lbPolicyOf(model, service);
  const secured = effectiveMtls(model, service, port, version) === "STRICT";
  return [
    group,
    {
      id: backendServiceId(name),
      type: "gcp:compute/backendService:BackendService",
      name,
      properties: {
        name,
        ...projectOf(model),
        loadBalancingScheme: "INTERNAL_SELF_MANAGED",
        protocol: protocols[port.protocol],
        timeoutSec: NO_TIMEOUT,
        healthChecks: ref(check, "id"),
        backends: [
          {
            group: ref(group.id, "id"),
            // Required for endpoint groups; the number only compares backends of one service, and there is one.
            ...(tcp
              ? { balancingMode: "CONNECTION", maxConnectionsPerEndpoint: 100 }
              : { balancingMode: "RATE", maxRatePerEndpoint: 100 }),
          },
        ],
        ...(!tcp && balancing(service.traffic)),
        ...(local !== undefined && { serviceLbPolicy: lbPolicyUrl(model, local) }),
        ...circuitBreakers(service.traffic),
        ...(!tcp && outlierDetection(service.traffic)),
        ...(secured && {
          securitySettings: {
            clientTlsPolicy: ref(clientTlsPolicyId(model), "id"),
            subjectAltNames: names(model, service),
          },
        }),
      },
      owner,
      dependsOn: [
        check,
        group.id,
        ...(secured ? [clientTlsPolicyId(model)] : []),
        ...(local === undefined ? [] : [local.id]),
      ],
      provider: "gcp",
    },
  ];
}

/** Identities that the callee may show. */
function names(model: Model, service: Service): readonly string[] {
  const trustDomain = trustDomainOf(model);
  if (trustDomain === undefined) return [];
  return principalsOf({ ...model, trustDomain }, service).map((principal) => `spiffe://${principal}`);
}
