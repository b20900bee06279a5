import { writeFileSync } from "node:fs";
import { AdminServer } from "./admin/server";
import { FileSource } from "./file-source";
import { Loader } from "./loader";
import { connectionLimit } from "./net/descriptors";
import { logLevels, type Log } from "./log";
import type { ProxyOptions } from "./options";
import { IstioMetrics, workloadOf } from "./telemetry/istio-metrics";
import { Worker } from "./worker";
import type { Admin, Bootstrap, BootstrapResult, ConfigError } from "./xds/messages";
import { writeMessage } from "./xds/json-write";
import { inSlices, type Steps } from "./xds/steps";

/** What /server_info calls this program. */
const version = "meshup/0.1.0";

/** A proxy that runs from a file until it is told to stop. */
export class ProxyProcess {
  private readonly metrics = new IstioMetrics(workloadOf(undefined));
  private readonly worker = new Worker({ observers: [this.metrics], connectionLimit: connectionLimit() });
  private readonly loader: Loader;
  private readonly source: FileSource;
  private admin: AdminServer | undefined;
  private applying: Promise<void> = Promise.resolve();
  private stop: () => void = () => undefined;

  constructor(
    private readonly options: ProxyOptions,
    private readonly log: Log,
    private readonly read: (text: string) => Steps<BootstrapResult>,
  ) {
    this.loader = new Loader(this.worker, (message) => log.warn(message));
    this.source = new FileSource(
      options.configPath,
      (text) => this.reload(text),
      (error) => log.warn("the configuration cannot be read, the old one stays in force", { error: error.message }),
    );
  }

  /** Resolves when the proxy has ended: false when it could not start. */
  async run(): Promise<boolean> {
    // Before the first port opens: a signal that comes early must not end the process in the middle.
    const stopped = this.untilStopped();
    try {
      const bootstrap = await this.load(await this.source.read());
      if (bootstrap === undefined) return false;
      await this.openAdmin(bootstrap.admin);
    } catch (error) {
      this.log.error("the proxy cannot start", { config: this.options.configPath, error: (error as Error).message });
      return false;
    }
    this.source.watch();
    for (const { name, address, port } of this.worker.listeners()) this.log.info("listening", { name, address, port });
    this.log.info("ready", { config: this.options.configPath });
    await stopped;
    await this.end();
    return true;
  }

  private async end(): Promise<void> {
    this.source.close();
    await this.applying;
    this.loader.flush();
    await this.worker.drain(this.options.drainMs, this.options.shutdownMs);
    this.loader.close();
    await this.admin?.close();
    this.log.info("stopped");
  }

  private untilStopped(): Promise<void> {
    return new Promise((resolve) => {
      this.stop = resolve;
      process.on("SIGHUP", () => this.source.schedule(0));
      for (const signal of ["SIGTERM", "SIGINT"] as const)
        process.on(signal, () => {
          this.log.info("stopping", { signal });
          resolve();
        });
    });
  }

  private async openAdmin(admin: Admin | undefined): Promise<void> {
    const at = admin?.address?.socket_address;
    if (at === undefined) return;
    const started = performance.now();
    this.admin = new AdminServer({
      view: this.worker,
      version,
      uptimeSeconds: () => Math.floor((performance.now() - started) / 1000),
      bootstrapJson: () =>
        writeMessage("envoy.config.bootstrap.v3.Bootstrap", this.worker.config().bootstrap as Bootstrap),
      writeMetrics: (out) => this.metrics.write(out),
      logLevel: () => this.log.level,
      setLogLevel: (level) => {
        const found = logLevels.find((l) => l === level);
        if (found !== undefined) this.log.level = found;
        return found !== undefined;
      },
      quit: () => this.stop(),
    });
    const bound = await this.admin.listen(at.address, at.port_value ?? 0);
    this.log.info("admin", { address: bound.address, port: bound.port });
    const { adminAddressPath: path } = this.options;
    if (path !== "") writeFileSync(path, `${bound.address}:${bound.port}`);
  }

  /** One after another: a later file must not be overtaken by an earlier one. */
  private reload(text: string): void {
    this.applying = this.applying.then(async () => {
      try {
        if ((await this.load(text)) !== undefined)
          this.log.info("configuration in force", { version: this.worker.config().version });
      } catch (error) {
        this.log.error("the new configuration cannot be used, the old one stays in force", {
          error: (error as Error).message,
        });
      }
    });
  }

  /** Puts a text in force; undefined, and a line in the log, when it is no configuration that can be served. */
  private async load(text: string): Promise<Bootstrap | undefined> {
    // In slices: a large configuration must not hold up the requests of the one in force.
    const result = await inSlices(this.read(text));
    const errors = result.ok ? await this.loader.load(result.bootstrap) : result.errors;
    if (errors.length > 0 || !result.ok) {
      this.refused(errors);
      return undefined;
    }
    this.metrics.setWorkload(workloadOf(result.bootstrap.node?.metadata));
    return result.bootstrap;
  }

  private refused(errors: readonly ConfigError[]): void {
    const stays = this.worker.config().version > 0 ? ", the old one stays in force" : "";
    this.log.error(`the configuration is not valid${stays}`, {
      errors: errors.map(({ path, message }) => `${path}: ${message}`),
    });
  }
}
