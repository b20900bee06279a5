import type { Finding } from "../../model/finding";
import type { BackendName, Model } from "../../model/model";
import { runs, workloadFindings } from "../k8s-workload";
import { guessedIdentities } from "../identities";
import { externalFindings } from "./external";
import { mtlsFindings } from "./mtls";
import { routeFindings } from "./routes";
import { settingFindings } from "./settings";
import { telemetryFindings } from "./telemetry";
import { trafficFindings } from "./traffic";

/** What Istio's resources cannot hold, beyond what the capability table says of each feature. */
export const losses = (model: Model, backend: BackendName): Finding[] => [
  ...settingFindings(model, backend),
  ...model.services.flatMap((service) => [
    ...trafficFindings(service.traffic),
    ...service.versions.flatMap(({ workload }) => (runs(workload) ? workloadFindings(workload) : [])),
  ]),
  ...externalFindings(model),
  ...routeFindings(model),
  ...mtlsFindings(model),
  ...guessedIdentities(model),
  ...telemetryFindings(model, backend),
];
