import { keyOf, type Model, type Service } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { authorizationPolicy } from "./authorization";
import { nameOf } from "./names";
import { projectOf } from "./settings";
import { serverTlsPolicyId, strictPorts } from "./tls";

/** How servers learn what to ask of their callers: by the labels of the pods and their ports. */
export function endpointPolicies(model: Model, service: Service): PlanResource[] {
  const authorization = authorizationPolicy(model, service);
  const strict = strictPorts(model, service);
  const open = service.ports.filter((port) => !strict.includes(port));
  const groups = [
    { ports: strict, secured: true },
    { ports: open, secured: false },
  ].filter(({ ports, secured }) => ports.length > 0 && (secured || authorization !== undefined));
  const policies = groups.map(({ ports, secured }): PlanResource => {
    const name = nameOf(model.name, service.namespace, service.name, secured ? undefined : "open");
    return {
      id: `networkservices.EndpointPolicy/${keyOf(service)}/${secured ? "mtls" : "open"}`,
      type: "gcp:networkservices/endpointPolicy:EndpointPolicy",
      name,
      properties: {
        name,
        ...projectOf(model),
        type: "SIDECAR_PROXY",
        endpointMatcher: {
          metadataLabelMatcher: {
            metadataLabelMatchCriteria: "MATCH_ALL",
            metadataLabels: Object.entries(service.labels).map(([labelName, labelValue]) => ({
              labelName,
              labelValue,
            })),
          },
        },
        trafficPortSelector: { ports: ports.map(({ targetPort }) => String(targetPort)) },
        ...(secured && { serverTlsPolicy: ref(serverTlsPolicyId(model), "id") }),
        ...(authorization !== undefined && { authorizationPolicy: ref(authorization.id, "id") }),
      },
      owner: `service:${keyOf(service)}`,
      dependsOn: [
        ...(secured ? [serverTlsPolicyId(model)] : []),
        ...(authorization === undefined ? [] : [authorization.id]),
      ],
      provider: "gcp",
    };
  });
  return authorization === undefined ? policies : [authorization, ...policies];
}
