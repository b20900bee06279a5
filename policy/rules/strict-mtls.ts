import { checksNamed } from "../checks";
import { peerAuthentication } from "../examples";
import type { PolicyRule } from "../rule";

export const strictMtls: PolicyRule = {
  code: "MESH6001",
  name: "strict-mtls",
  title: "Servers take mutual TLS only",
  why: "A port that answers plain text answers whoever reaches it, without saying who that is: no rule about identities can hold there.",
  wanted: "mode STRICT",
  remedy: "Set the mode to STRICT; until every client is in the mesh, exempt the workload with a date.",
  scope: "stack",
  levels: { baseline: "disabled", strict: "mandatory" },
  off: "A mesh is moved in with PERMISSIVE: until the last client has a proxy, STRICT would cut off calls that work. That a rule about identities then holds nothing is said in `baseline` too (`identity-needs-mtls`).",
  relatives: {
    kyverno: ["enforce-strict-mtls"],
    kiali: ["KIA0205", "KIA0206"],
    other: ["AWS Config virtual-node-backend-defaults-tls-on"],
  },
  checks: checksNamed("mesh-not-strict", "mtls-disabled", "mtls-weakened"),
  *run({ raw, facts, model }) {
    // Of a mesh file, and where the mesh is STRICT, the checks say it.
    for (const { path, name, mode } of model || facts.mesh.mode === "STRICT" ? [] : facts.mtls)
      if (mode === "PERMISSIVE")
        yield { path: `${path}.mode`, message: `${name} lets plain text in as well as TLS`, found: mode };
    for (const { path, name, mode } of raw.serverTls)
      if (mode !== "STRICT")
        yield {
          path,
          message: `${name} answers ${mode === "DISABLE" ? "plain text" : "plain text as well as TLS"}`,
          found: mode,
        };
    for (const { path, host, mode } of raw.clientTls)
      if (mode === "NONE")
        yield {
          path,
          message: `Nothing makes clients call ${host} by TLS`,
          found: "no client policy",
          wanted: "TLS enforced",
        };
  },
  example: {
    wrong: peerAuthentication("DISABLE"),
    right: peerAuthentication("STRICT"),
    unknown: [0, "spec.mtls.mode"],
  },
};
