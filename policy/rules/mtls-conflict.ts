import { serviceOf } from "../../src/facts";
import { checksNamed } from "../checks";
import { documents, peerAuthentication, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

export const mtlsConflict: PolicyRule = {
  code: "MESH6003",
  name: "mtls-conflict",
  title: "Clients and servers agree about mutual TLS",
  why: "A destination rule without the mesh's TLS against a server that asks for it is answered 503 at every call; so is the mesh's TLS against a server that has it off.",
  wanted: "the same on both sides",
  remedy: "Remove tls from the DestinationRule: the mesh then does what the server asks for.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0113 (retired: nothing finds it there today)"], kiali: ["KIA0204", "KIA0207", "KIA0208"] },
  checks: checksNamed("conflicting-mtls-policies", "strict-with-client-outside"),
  *run({ raw, facts: { lookup } }) {
    for (const { path, host, mode, external } of raw.clientTls) {
      const ref = external ? undefined : serviceOf(host);
      const service = ref && lookup.service(ref);
      if (!service || mode === "NONE") continue;
      const modes = new Set(service.ports.flatMap((port) => lookup.modesOf(service, port)));
      const strict = modes.size === 1 && modes.has("STRICT");
      if (strict && mode !== "MESH" && mode !== "MUTUAL")
        yield {
          path,
          message: `${host} takes mutual TLS only, and this sends it ${mode}`,
          found: `${mode} against STRICT`,
        };
      if (modes.size === 1 && modes.has("DISABLE") && mode === "MESH")
        yield { path, message: `${host} has mutual TLS off, and this sends it`, found: "ISTIO_MUTUAL against DISABLE" };
    }
  },
  example: {
    wrong: documents(
      SERVICE,
      peerAuthentication("STRICT"),
      `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { tls: { mode: SIMPLE } } }
`,
    ),
    right: documents(
      SERVICE,
      peerAuthentication("STRICT"),
      `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
`,
    ),
    unknown: [1, "spec.mtls.mode"],
  },
};
