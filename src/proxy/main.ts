import { parse as parseYaml } from "yaml";
import { FileSource } from "./file-source";
import { Loader } from "./loader";
import { Log } from "./log";
import { parseOptions, usage, type ProxyOptions } from "./options";
import { ProxyProcess } from "./process";
import { Worker } from "./worker";
import { bootstrapSteps } from "./xds/bootstrap";
import type { BootstrapResult, ConfigError } from "./xds/messages";
import { allAtOnce, type Steps } from "./xds/steps";

/** Exit codes: 0 done, 1 the configuration or a port cannot be used, 2 the command line is wrong. */
type ExitCode = 0 | 1 | 2;

/** The data plane as a command. Resolves with the exit code when it has ended; it sets no code itself. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const options = parseOptions(argv);
  if (options === "help") {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof options === "string") {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  return options.mode === "validate" ? validate(options) : serve(options);
}

function readText(text: string): Steps<BootstrapResult> {
  return bootstrapSteps({ text }, { parseYaml: (yaml) => parseYaml(yaml) as unknown });
}

async function validate(options: ProxyOptions): Promise<ExitCode> {
  const worker = new Worker();
  const loader = new Loader(worker, (message) => process.stderr.write(`${message}\n`));
  try {
    const result = allAtOnce(readText(await new FileSource(options.configPath, ignore, ignore).read()));
    const errors = result.ok ? loader.check(result.bootstrap) : result.errors;
    if (errors.length > 0) {
      process.stderr.write(`configuration '${options.configPath}' is not valid:\n${errorLines(errors)}`);
      return 1;
    }
    process.stdout.write(`configuration '${options.configPath}' OK\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${options.configPath}: ${(error as Error).message}\n`);
    return 1;
  } finally {
    loader.close();
    worker.close();
  }
}

async function serve(options: ProxyOptions): Promise<ExitCode> {
  const log = new Log(options.logLevel, (line) => process.stderr.write(line), Date.now);
  return (await new ProxyProcess(options, log, readText).run()) ? 0 : 1;
}

function errorLines(errors: readonly ConfigError[]): string {
  return errors.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}\n`).join("");
}

function ignore(): void {}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
    // Upstream connections that idle would keep the process.
    setImmediate(() => process.exit());
  });
