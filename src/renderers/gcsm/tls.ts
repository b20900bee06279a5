import { effectiveMtls } from "../../model/lookup";
import type { Model, Port, Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { nameOf } from "./names";
import { projectOf } from "./settings";

/** The plug-in by which Google's CA service hands certificates to workloads. */
export const PLUGIN = { certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } };

export const serverTlsPolicyId = (model: Model): string => `networksecurity.ServerTlsPolicy/${model.name}`;
export const clientTlsPolicyId = (model: Model): string => `networksecurity.ClientTlsPolicy/${model.name}`;

export const strictPorts = (model: Model, service: Service): readonly Port[] =>
  service.ports.filter((port) => effectiveMtls(model, service, port) === "STRICT");

/** One policy for servers and one for clients serve the whole mesh; nothing is written where no port is STRICT. */
export function tlsPolicies(model: Model): PlanResource[] {
  if (!model.services.some((service) => strictPorts(model, service).length > 0)) return [];
  const name = nameOf(model.name);
  return [
    {
      id: serverTlsPolicyId(model),
      type: "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy",
      name,
      properties: {
        name,
        ...projectOf(model),
        location: "global",
        allowOpen: false,
        serverCertificate: PLUGIN,
        mtlsPolicy: { clientValidationCas: [PLUGIN] },
      },
      owner: "mesh",
      dependsOn: [],
      provider: "gcp",
    },
    {
      id: clientTlsPolicyId(model),
      type: "gcp:networksecurity/clientTlsPolicy:ClientTlsPolicy",
      name,
      properties: {
        name,
        ...projectOf(model),
        location: "global",
        clientCertificate: PLUGIN,
        serverValidationCas: [PLUGIN],
      },
      owner: "mesh",
      dependsOn: [],
      provider: "gcp",
    },
  ];
}
