import type { JwtPolicy } from "../../model/model";
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
  const rules = [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }];
  const spec = { ...selector, action: "DENY", rules };
  const needs = [idOf("RequestAuthentication", policy.name, policy.namespace)];
  return [tokens, istioResource(context, "AuthorizationPolicy", ref, spec, owner, needs)];
}
