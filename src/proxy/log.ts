/** How much is logged; each level includes those before it. */
export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The proxy's own log: one JSON object a line. Access logs are elsewhere. */
export class Log {
  constructor(
    public level: LogLevel,
    private readonly write: (line: string) => void,
    private readonly wall: () => number,
  ) {}

  error(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.line("error", message, fields);
  }
  warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.line("warn", message, fields);
  }
  info(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.line("info", message, fields);
  }
  debug(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.line("debug", message, fields);
  }

  private line(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    if (logLevels.indexOf(level) > logLevels.indexOf(this.level)) return;
    const time = new Date(this.wall()).toISOString();
    this.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
  }
}
