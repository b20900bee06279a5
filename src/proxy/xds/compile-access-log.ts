/** Envoy's AccessLog to something that writes lines. */
import { readFileSync } from "node:fs";
import type { RequestObserver, RequestRecord } from "../core/view";
import { AccessLogger } from "../telemetry/access-log";
import { compileJson, compileText, defaultFormat } from "../telemetry/log-format";
import { fileSink, LogSink } from "../telemetry/log-sink";
import type { AccessLog, AccessLogFilter, SubstitutionFormatString } from "./messages";

/** Logs by where they write: one sink a file, whatever configurations come and go. */
export class AccessLogs {
  private readonly files = new Map<string, LogSink>();
  private standard: LogSink | undefined;

  /** Throws an Error for users where the format has an operator that is not served. */
  observer(log: AccessLog): RequestObserver {
    const config = log.typed_config;
    if (!config) throw new Error("typed_config must be set");
    const format = formatOf(config.log_format);
    const sink =
      config["@type"] === "envoy.extensions.access_loggers.file.v3.FileAccessLog"
        ? this.file(config.path)
        : (this.standard ??= new LogSink(process.stdout));
    return new AccessLogger(format, sink, filterOf(log.filter));
  }

  /** Writes a line about a refused request beside the access log, or where that would be. */
  audit(line: string): void {
    (this.standard ??= new LogSink(process.stdout)).write(line);
  }

  /** Lines thrown away so far because a reader or a disk did not keep up. */
  get dropped(): number {
    return [...this.sinks()].reduce((sum, sink) => sum + sink.dropped, 0);
  }

  close(): void {
    for (const sink of this.sinks()) sink.close();
  }

  private sinks(): LogSink[] {
    return this.standard ? [...this.files.values(), this.standard] : [...this.files.values()];
  }

  private file(path: string): LogSink {
    const known = this.files.get(path);
    if (known) return known;
    const sink = path === "/dev/stdout" ? (this.standard ??= new LogSink(process.stdout)) : fileSink(path);
    if (sink !== this.standard) this.files.set(path, sink);
    return sink;
  }
}

function formatOf(format: SubstitutionFormatString | undefined): (record: RequestRecord) => string {
  if (format?.json_format) return compileJson(format.json_format, format.omit_empty_values);
  const source = format?.text_format_source;
  if (!source) return compileText(defaultFormat);
  return compileText(
    source.filename !== undefined ? readFileSync(source.filename, "utf8") : (source.inline_string ?? ""),
  );
}

/** Runtime keys have no runtime here: the default is the value. */
function filterOf(filter: AccessLogFilter | undefined): ((record: RequestRecord) => boolean) | undefined {
  const comparison = filter?.status_code_filter?.comparison;
  if (!comparison) return undefined;
  const limit = comparison.value.default_value;
  switch (comparison.op) {
    case "EQ":
      return (r) => r.status === limit;
    case "GE":
      return (r) => r.status >= limit;
    case "LE":
      return (r) => r.status <= limit;
    default:
      throw new Error(`filter: comparison ${comparison.op} is not served by this version`);
  }
}
