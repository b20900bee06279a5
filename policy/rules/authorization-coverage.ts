import { checksNamed } from "../checks";
import { DENY_ALL, documents, GET_ALLOWED, peerAuthentication, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;

export const authorizationCoverage: PolicyRule = {
  code: "MESH6007",
  name: "authorization-coverage",
  title: "Every workload is covered by authorization",
  why: "A namespace that looks closed, with one service that answers everybody, is the way in.",
  wanted: "a policy that applies to the workload",
  remedy: "Allow who calls it by name, or close the namespace (default-deny).",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { kiali: ["KIA1301"], kyverno: ["require-linkerd-server"] },
  checks: checksNamed("left-open", "gateway-not-allowed", "call-not-allowed"),
  example: {
    wrong: documents(peerAuthentication("STRICT"), SERVICE, service, GET_ALLOWED),
    right: documents(peerAuthentication("STRICT"), SERVICE, service, GET_ALLOWED, DENY_ALL),
    unknown: [4, "metadata.namespace", "right"],
  },
};
