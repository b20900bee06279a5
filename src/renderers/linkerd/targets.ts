import type { AuthorizationPolicy, Model, Service } from "../../model/model";
import { authorizationFor } from "../authorization-targets";

/**
 * What Linkerd is told about a service's ports. It can only allow (a DENY is an accepted loss) and audits whole ports;
 * an ALLOW that names other ports closes this one too, so it counts for every port.
 */
export const policiesFor = (model: Model, service: Service): readonly AuthorizationPolicy[] =>
  authorizationFor(model, service).filter(({ action }) => action !== "DENY");
