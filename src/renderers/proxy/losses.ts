import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { jwksUri } from "./jwt";

/** What Envoy's configuration has no words for, or only at deployment. Each concerns where a request goes: an error. */
export function losses(model: Model): Finding[] {
  const error = (code: string, path: string, message: string, remedy: string): Finding => ({
    code,
    level: "error",
    path,
    message,
    remedy,
  });
  const negated = model.routes
    .flatMap((route) => route.rules.flatMap((rule) => rule.matches.flatMap((match) => match.query)))
    .filter((query) => query.negate)
    .map((query) =>
      error(
        "MESH2401",
        query.path,
        `Envoy cannot match the absence of query parameter "${query.name}"`,
        "Write a rule that matches the parameter before this one, or match a header.",
      ),
    );
  const keys = model.policies.jwt
    .filter((policy) => policy.jwksUri !== undefined && jwksUri(policy) === undefined)
    .map((policy) =>
      error(
        "MESH2402",
        `${policy.path}.jwksUri`,
        "the address of the keys is not an absolute URL that is known before deployment, and a proxy's file needs one",
        "Write the URL as text, or the keys themselves in jwks.",
      ),
    );
  const gateways = model.gateways.map((gateway) =>
    error(
      "MESH2403",
      gateway.path,
      `gateway "${gateway.name}" has no proxy here: only sidecars and the client's proxy are rendered`,
      "Call the service through the client's proxy, or render for a backend with gateways.",
    ),
  );
  return [...negated, ...keys, ...gateways];
}
