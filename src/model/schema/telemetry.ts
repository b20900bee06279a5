import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { name, optional, percent, text } from "./fields";

export const telemetry = z.strictObject({
  metrics: optional(
    z.strictObject({ enabled: optional(z.boolean(), "Request metrics are kept", D.metrics) }),
    "Metrics, under Istio's standard names",
    {},
  ),
  tracing: optional(
    z.strictObject({
      provider: optional(name, "Provider that the mesh knows by this name", D.tracingProvider),
      sampling: optional(percent, "Share of requests traced; 0: only those already traced", D.samplingPercent),
      endpoint: optional(text, "Collector that spans go to; the provider's own when left out"),
    }),
    "Traces; none when left out",
  ),
  accessLogs: optional(
    z.strictObject({
      format: optional(z.enum(["json", "text"]), "One JSON object or one line of text a request", D.accessLog.format),
      template: optional(text, "Envoy's format string, for text; the proxy's own when left out"),
      filter: optional(z.enum(["all", "errors"]), "errors: statuses from 400 and failures alone", D.accessLog.filter),
    }),
    "Access logs; none when left out",
  ),
});
