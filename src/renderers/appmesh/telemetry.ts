import type { Model } from "../../model/model";

/** The access log of Envoy, to standard output, where a log router reads it. */
export function logging(model: Model): object {
  const logs = model.telemetry.accessLogs;
  if (logs === undefined) return {};
  const format =
    logs.format === "text"
      ? logs.template === undefined
        ? {}
        : { format: { text: logs.template } }
      : { format: { jsons: fields(logs.template) } };
  return { logging: { accessLog: { file: { path: "/dev/stdout", ...format } } } };
}

const standard = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  duration: "%DURATION%",
  upstream_host: "%UPSTREAM_HOST%",
};

/** A JSON template is an object of strings; anything else is taken as the standard fields. */
function fields(template: string | undefined): readonly { key: string; value: string }[] {
  return Object.entries(parsed(template) ?? standard).map(([key, value]) => ({ key, value }));
}
function parsed(template: string | undefined): Record<string, string> | undefined {
  if (template === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(template);
    const texts = typeof value === "object" && value !== null ? Object.entries(value) : [];
    const usable = texts.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return usable.length === 0 ? undefined : Object.fromEntries(usable);
  } catch {
    return undefined;
  }
}
