import type { Finding } from "../../model/finding";
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

const LONGEST = { text: 1000, field: 100 } as const;

/** App Mesh's limits (API model, 2019-01-25). */
export function accessLogTooLong(model: Model): Finding[] {
  const { accessLogs } = model.telemetry;
  if (accessLogs?.template === undefined) return [];
  const long =
    accessLogs.format === "text"
      ? accessLogs.template.length > LONGEST.text
      : fields(accessLogs.template).some((each) => Math.max(each.key.length, each.value.length) > LONGEST.field);
  if (!long) return [];
  return [
    {
      code: "MESH2342",
      level: "error",
      path: `${accessLogs.path}.template`,
      message: `an access log of App Mesh has at most ${LONGEST.text} characters as text, and ${LONGEST.field} for each key and value of JSON`,
      remedy: "Log less.",
    },
  ];
}
