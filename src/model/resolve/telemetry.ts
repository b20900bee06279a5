import { DEFAULTS as D } from "../defaults";
import type { Telemetry } from "../model";
import type { TelemetrySpec } from "../schema";
import { parsePercent } from "../units";

export function resolveTelemetry({ metrics, tracing, accessLogs }: TelemetrySpec): Telemetry {
  return {
    path: "telemetry",
    metrics: { enabled: metrics?.enabled ?? D.metrics },
    ...(tracing === undefined
      ? {}
      : {
          tracing: {
            path: "telemetry.tracing",
            provider: tracing.provider ?? D.tracingProvider,
            samplingPercent: parsePercent(tracing.sampling ?? D.samplingPercent),
            ...(tracing.endpoint === undefined ? {} : { endpoint: tracing.endpoint }),
          },
        }),
    ...(accessLogs === undefined
      ? {}
      : {
          accessLogs: {
            path: "telemetry.accessLogs",
            format: accessLogs.format ?? D.accessLog.format,
            ...(accessLogs.template === undefined ? {} : { template: accessLogs.template }),
            filter: accessLogs.filter ?? D.accessLog.filter,
          },
        }),
  };
}
