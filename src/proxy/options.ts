import { parseArgs } from "node:util";
import { logLevels, type LogLevel } from "./log";

/** The command line of the data plane. Names are Envoy's where Envoy has them. */
export interface ProxyOptions {
  readonly configPath: string;
  readonly mode: "serve" | "validate";
  readonly logLevel: LogLevel;
  /** Milliseconds for which a proxy that was told to stop still accepts connections. */
  readonly drainMs: number;
  /** Milliseconds after which what is still in flight is cut. */
  readonly shutdownMs: number;
  /** File that gets the admin address as bound; empty: none. */
  readonly adminAddressPath: string;
}

export const usage = `usage: meshup proxy -c FILE [options]

  -c, --config-path FILE         Envoy v3 bootstrap in JSON or YAML; read again when it changes and on SIGHUP
      --mode serve|validate      validate reads and checks the configuration, and exits (default serve)
      --log-level LEVEL          error, warn, info or debug (default info)
      --drain-time-s SECONDS     after SIGTERM, connections are accepted for so long (default 0)
      --parent-shutdown-time-s SECONDS
                                 after SIGTERM, what is in flight is cut at last (default 30)
      --admin-address-path FILE  gets the address of the admin port as bound
`;

const flags = {
  "config-path": { type: "string", short: "c" },
  mode: { type: "string" },
  "log-level": { type: "string", short: "l" },
  "drain-time-s": { type: "string" },
  "parent-shutdown-time-s": { type: "string" },
  "admin-address-path": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments (without node and script). A string is what is wrong with them; `help` asks for the usage. */
export function parseOptions(argv: readonly string[]): ProxyOptions | string | "help" {
  let values;
  try {
    ({ values } = parseArgs({ args: [...argv], options: flags }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help === true) return "help";
  const mode = values.mode ?? "serve";
  if (mode !== "serve" && mode !== "validate") return `--mode is serve or validate, not '${mode}'`;
  const level = values["log-level"] ?? "info";
  const logLevel = logLevels.find((l) => l === level);
  if (logLevel === undefined) return `--log-level is one of ${logLevels.join(", ")}, not '${level}'`;
  const drainMs = seconds(values["drain-time-s"] ?? "0");
  const shutdownMs = seconds(values["parent-shutdown-time-s"] ?? "30");
  if (drainMs === undefined) return "--drain-time-s is a number of seconds";
  if (shutdownMs === undefined) return "--parent-shutdown-time-s is a number of seconds";
  const configPath = values["config-path"];
  if (configPath === undefined || configPath === "") return "-c FILE is missing: the configuration to run";
  return { configPath, mode, logLevel, drainMs, shutdownMs, adminAddressPath: values["admin-address-path"] ?? "" };
}

function seconds(text: string): number | undefined {
  return /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
}
