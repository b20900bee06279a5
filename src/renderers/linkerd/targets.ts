import { podLabelsOf, selects } from "../../model/lookup";
import { keyOf, type AuthorizationPolicy, type Model, type Service, type Target } from "../../model/model";

/** Does a policy's target take in this service: by name, by labels of its pods, or as all of its namespace? */
function covers(target: Target, service: Service): boolean {
  if (target.service !== undefined) return keyOf(target.service) === keyOf(service);
  if (target.namespace !== service.namespace) return false;
  const { selector } = target;
  if (selector === undefined) return true;
  const pods =
    service.versions.length === 0 ? [service.labels] : service.versions.map((version) => podLabelsOf(service, version));
  return pods.some((labels) => selects(selector, labels));
}

/**
 * What Linkerd is told about a service's ports. It can only allow (a DENY is an accepted loss) and audits whole ports;
 * an ALLOW that names other ports closes this one too, so it counts for every port.
 */
export const policiesFor = (model: Model, service: Service): readonly AuthorizationPolicy[] =>
  model.policies.authorization.filter((policy) => policy.action !== "DENY" && covers(policy.target, service));

export const deniedByDefault = (model: Model, service: Service): boolean =>
  model.policies.defaultDeny.some(({ namespace }) => namespace === "*" || namespace === service.namespace);

/** A policy that selects pods of some versions only. */
export const partlyCovered = (model: Model, service: Service): AuthorizationPolicy | undefined =>
  policiesFor(model, service).find(({ target: { service: named, selector } }) => {
    if (named !== undefined || selector === undefined) return false;
    return service.versions.some((version) => !selects(selector, podLabelsOf(service, version)));
  });
