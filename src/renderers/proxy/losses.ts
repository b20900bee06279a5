import type { Finding } from "../../model/finding";
import { isOpaque } from "../../model/schema/fields";
import type { Model } from "../../model/model";
import { wrote } from "../../model/wrote";
import { guessedIdentities } from "../identities";
import { jwksUri } from "./jwt";

const error = (code: string, path: string, message: string, remedy: string): Finding => ({
  code,
  level: "error",
  path,
  message,
  remedy,
});

/** What only a proxy's file asks for: all that it names is known while it is written. */
export function losses(model: Model): Finding[] {
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
  const certificates = [...model.gateways.flatMap(({ listeners }) => listeners), ...model.externalServices].flatMap(
    ({ path, tls }) =>
      isOpaque(tls?.certificateRef)
        ? [
            error(
              "MESH2404",
              `${path}.tls.certificateRef`,
              "the certificate's name is not known before deployment, and a proxy's file needs the place of its files",
              "Write the name as text; its files are in backends.proxy.secrets.",
            ),
          ]
        : [],
  );
  return [...keys, ...certificates, ...guessedIdentities(model), ...openEgress(model)];
}

/** Proxies listen for what is declared in `calls`; nothing leads other traffic to them. */
function openEgress(model: Model): Finding[] {
  if (model.egress.mode !== "ALLOW_ANY" || !wrote(model, "egress.mode")) return [];
  return [
    {
      code: "MESH2405",
      level: "info",
      path: "egress.mode",
      message: "what is not declared is called around the proxies: it works, and they neither see nor limit it",
      remedy: "Declare it in externalServices and calls to have it measured and its policies kept.",
    },
  ];
}
