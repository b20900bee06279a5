import type { Finding } from "../../model/finding";
import type { BackendName, Model, Telemetry } from "../../model/model";
import { wrote } from "../../model/wrote";
import type { PlanResource } from "../../plan/plan";
import { collector } from "../collector";
import { type Context, istioResource } from "./context";
import { finding } from "./findings";
import { inhabited } from "./mtls";

type Fields = Readonly<Record<string, unknown>>;

/** Istio's built-in providers. */
const METRICS = "prometheus";
const LOGS = "envoy";

const providers = (name: string) => ({ providers: [{ name }] });

/** What counts as an error: statuses from 400, and requests that failed before there was one. */
const ERRORS = { expression: "response.code >= 400 || response.flags != 0" };

function spec(telemetry: Telemetry): Fields {
  const { metrics, tracing, accessLogs } = telemetry;
  return {
    metrics: [{ ...providers(METRICS), ...(metrics.enabled ? {} : { overrides: [{ disabled: true }] }) }],
    tracing: [
      tracing === undefined
        ? { disableSpanReporting: true }
        : { ...providers(tracing.provider), randomSamplingPercentage: tracing.samplingPercent },
    ],
    accessLogging: [
      accessLogs === undefined
        ? { disabled: true }
        : { ...providers(LOGS), ...(accessLogs.filter === "errors" ? { filter: ERRORS } : {}) },
    ],
  };
}

/**
 * One Telemetry for each namespace, complete, as soon as the mesh says anything about telemetry. A mesh that says
 * nothing leaves it to whoever runs the control plane.
 */
export const telemetries = (context: Context): PlanResource[] =>
  wrote(context.model, "telemetry")
    ? inhabited(context.model).map((namespace) =>
        istioResource(context, "Telemetry", { name: "default", namespace }, spec(context.model.telemetry), "mesh"),
      )
    : [];

export function telemetryFindings(model: Model, backend: BackendName): Finding[] {
  const { tracing } = model.telemetry;
  const installs = model.backends[backend]?.install === "helm";
  if (!installs || tracing?.endpoint === undefined || collector(tracing.endpoint) !== undefined) return [];
  const message = `${tracing.endpoint} is no host and port, which is how the mesh configuration names a collector`;
  return [finding("MESH2115", `${tracing.path}.endpoint`, message, "Write it as host:port.")];
}
