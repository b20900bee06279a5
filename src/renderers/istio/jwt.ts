import { podLabelsOf, selects } from "../../model/lookup";
import { keyOf, type JwtPolicy, type Model, type Service, type Target } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { defined, idOf } from "../k8s-resource";
import { type Context, istioResource, selectorOf } from "./context";
import { selectorLabels } from "./mtls";
import { ownerOf } from "./names";

/** Which tokens count; a token of another issuer is refused, none at all is not, unless the policy asks for one. */
export function requestAuthentication(context: Context, policy: JwtPolicy): PlanResource[] {
  const selector = selectorOf(selectorLabels(context.model, policy.target));
  const owner = ownerOf("jwt", policy);
  const jwtRule = defined({
    issuer: policy.issuer,
    audiences: policy.audiences.length > 0 ? policy.audiences : undefined,
    jwksUri: policy.jwksUri,
    jwks: policy.jwks,
    fromHeaders:
      policy.fromHeaders.length === 0
        ? undefined
        : policy.fromHeaders.map(({ name, prefix }) => defined({ name, prefix: prefix === "" ? undefined : prefix })),
    forwardOriginalToken: policy.forward,
  });
  const tokens = istioResource(context, "RequestAuthentication", policy, { ...selector, jwtRules: [jwtRule] }, owner);
  if (!policy.required) return [tokens];
  const ref = { name: `${policy.name}.required`, namespace: policy.namespace };
  const ports = httpPorts(context.model, policy.target);
  const to = ports === undefined ? {} : { to: [{ operation: { ports } }] };
  const rules = [{ from: [{ source: { notRequestPrincipals: ["*"] } }], ...to }];
  const spec = { ...selector, action: "DENY", rules };
  const needs = [idOf("RequestAuthentication", policy.name, policy.namespace)];
  return [tokens, istioResource(context, "AuthorizationPolicy", ref, spec, owner, needs)];
}

const isRaw = ({ protocol }: Service["ports"][number]): boolean => protocol === "tcp" || protocol === "tls";

/**
 * A connection of plain TCP carries no token, and Istio would refuse it for that. Where the target has such ports the
 * rule names the others; undefined where it has none, so that no port goes unguarded for not being listed.
 */
function httpPorts(model: Model, target: Target): readonly string[] | undefined {
  const ports = model.services.filter((service) => reaches(target, service)).flatMap((service) => service.ports);
  const raw = new Set(ports.filter(isRaw).map(({ targetPort }) => targetPort));
  if (raw.size === 0) return undefined;
  return [...new Set(ports.map(({ targetPort }) => targetPort))].filter((port) => !raw.has(port)).map(String);
}

function reaches(target: Target, service: Service): boolean {
  if (target.service !== undefined) return keyOf(target.service) === keyOf(service);
  if (target.namespace !== service.namespace) return false;
  const pods = [service.labels, ...service.versions.map((version) => podLabelsOf(service, version))];
  return target.selector === undefined || pods.some((labels) => selects(target.selector ?? {}, labels));
}
