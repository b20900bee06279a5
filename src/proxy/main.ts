import { parse as parseYaml } from "yaml";
import { FileSource } from "./file-source";
import { Loader } from "./loader";
import { Log } from "./log";
import { parseOptions, usage, type ProxyOptions } from "./options";
import { Worker } from "./worker";
import { readBootstrap } from "./xds/bootstrap";
import type { BootstrapResult, ConfigError } from "./xds/messages";

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

function read(text: string): BootstrapResult {
  return readBootstrap({ text }, { parseYaml: (yaml) => parseYaml(yaml) as unknown });
}

async function validate(options: ProxyOptions): Promise<ExitCode> {
  const worker = new Worker();
  const loader = new Loader(worker, (message) => process.stderr.write(`${message}\n`));
  try {
    const result = read(await new FileSource(options.configPath, ignore, ignore).read());
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
  const proxy = new Proxy(options, log);
  return proxy.run();
}

/** A proxy that runs from a file until it is told to stop. */
class Proxy {
  private readonly worker = new Worker();
  private readonly loader: Loader;
  private readonly source: FileSource;
  private applying: Promise<void> = Promise.resolve();
  private stop: () => void = ignore;

  constructor(
    private readonly options: ProxyOptions,
    private readonly log: Log,
  ) {
    this.loader = new Loader(this.worker, (message) => log.warn(message));
    this.source = new FileSource(
      options.configPath,
      (text) => this.reload(text),
      (error) => log.warn("the configuration cannot be read, the old one stays in force", { error: error.message }),
    );
  }

  async run(): Promise<ExitCode> {
    try {
      if (!(await this.load(await this.source.read()))) return 1;
    } catch (error) {
      this.log.error("the proxy cannot start", { config: this.options.configPath, error: (error as Error).message });
      return 1;
    }
    this.source.watch();
    this.started();
    await this.untilStopped();
    this.source.close();
    await this.applying;
    await this.worker.drain(this.options.drainMs, this.options.shutdownMs);
    this.loader.close();
    this.log.info("stopped");
    return 0;
  }

  private started(): void {
    for (const { name, address, port } of this.worker.listeners()) this.log.info("listening", { name, address, port });
    this.log.info("ready", { config: this.options.configPath });
  }

  private untilStopped(): Promise<void> {
    return new Promise((resolve) => {
      this.stop = resolve;
      process.on("SIGHUP", () => this.source.schedule(0));
      for (const signal of ["SIGTERM", "SIGINT"] as const)
        process.on(signal, () => {
          this.log.info("stopping", { signal });
          this.stop();
        });
    });
  }

  /** One after another: a later file must not be overtaken by an earlier one. */
  private reload(text: string): void {
    this.applying = this.applying.then(async () => {
      try {
        if (await this.load(text)) this.log.info("configuration in force", { version: this.worker.config().version });
      } catch (error) {
        this.log.error("the new configuration cannot be used, the old one stays in force", {
          error: (error as Error).message,
        });
      }
    });
  }

  /** False, and a line in the log, when the text is no configuration that can be served. */
  private async load(text: string): Promise<boolean> {
    const result = read(text);
    const errors = result.ok ? await this.loader.load(result.bootstrap) : result.errors;
    if (errors.length > 0) this.refused(errors);
    return errors.length === 0;
  }

  private refused(errors: readonly ConfigError[]): void {
    const stays = this.worker.config().version > 0 ? ", the old one stays in force" : "";
    this.log.error(`the configuration is not valid${stays}`, {
      errors: errors.map(({ path, message }) => `${path}: ${message}`),
    });
  }
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
