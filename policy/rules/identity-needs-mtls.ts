import { checksNamed } from "../checks";
import { documents, peerAuthentication, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const authorizationPolicy = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`;

export const identityNeedsMtls: PolicyRule = {
  code: "MESH6010",
  name: "identity-needs-mtls",
  title: "Rules about identities stand where identities are proved",
  why: "Without mutual TLS nobody proves an identity: an ALLOW by identity lets nobody in, and a DENY by identity stops nobody.",
  wanted: "mutual TLS where a rule asks who calls",
  remedy: "Set the workload's mode to STRICT.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kiali: ["KIA0105"] },
  checks: checksNamed("identity-without-mtls", "deny-evaded-in-plain-text"),
  example: {
    wrong: documents(SERVICE, peerAuthentication("DISABLE"), authorizationPolicy),
    right: documents(SERVICE, peerAuthentication("STRICT"), authorizationPolicy),
    unknown: [1, "spec.mtls.mode"],
  },
};
