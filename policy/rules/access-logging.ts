import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const accessLogging: PolicyRule = {
  code: "MESH6032",
  name: "access-logging",
  title: "Requests are logged",
  why: "After an incident the access log is what says who called what; a mesh writes it for every workload, if it is switched on.",
  wanted: "access logs on",
  remedy:
    "Write a Telemetry with accessLogging in the root namespace (App Mesh: logging.accessLog.file.path; Google: logConfig.enable).",
  // What logs a service network of Lattice is a resource of its own.
  scope: "stack",
  levels: { baseline: "disabled", strict: "advisory" },
  off: "Logs of every request cost money by the GB and may hold personal data; whether to write them is the operator's decision, and often made mesh-wide in a stack that this one does not see.",
  relatives: { other: ["AWS Config virtual-node-logging-file-path-exists (name as in the Config rules list)"] },
  checks: checksNamed("no-access-logs"),
  *run({ raw }) {
    for (const { path, scope, on } of raw.logging)
      if (!on) yield { path, message: `Requests of ${scope} are not logged`, found: "off" };
  },
  example: {
    wrong: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: istio-system }
spec: { accessLogging: [{ disabled: true }] }
`,
    right: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: istio-system }
spec: { accessLogging: [{ providers: [{ name: otel }] }] }
`,
    unknown: [0, "spec.accessLogging.0.disabled"],
  },
};
