import { JsonAuditLog } from "./authz/audit";
import { SpanBatches } from "./telemetry/span-batches";
import { systemSecretIo } from "./tls/secrets";
import type { Worker } from "./worker";
import { compile, type CompileServices } from "./xds/compile";
import { AccessLogs } from "./xds/compile-access-log";
import { TlsContexts } from "./xds/compile-tls";
import type { Bootstrap, ConfigError } from "./xds/messages";
import { allAtOnce, inSlices } from "./xds/steps";

/** Compiles for one worker on this machine, and puts what compiled in force: TLS contexts live from one configuration to the next. */
export class Loader {
  private readonly tls: TlsContexts;
  private readonly services: CompileServices;
  private readonly logs = new AccessLogs();
  private readonly spans: SpanBatches;

  constructor(
    private readonly worker: Worker,
    warn: (message: string) => void,
  ) {
    const tls = (this.tls = new TlsContexts(systemSecretIo(warn)));
    this.spans = new SpanBatches(worker.clusterMap, warn);
    this.services = {
      downstreamTls: (context, secrets, timeout) => tls.downstream(context, secrets, timeout),
      upstreamTls: (context, secrets) => tls.upstream(context, secrets),
      accessLog: (log) => this.logs.observer(log),
      spans: (target) => this.spans.exporter(target),
      audit: new JsonAuditLog((line) => this.logs.audit(line)),
      downstreamStats: (prefix) => worker.downstreamStats(prefix),
    };
  }

  /** What is wrong with a configuration, files that it names included; empty when nothing is. */
  check(bootstrap: Bootstrap): readonly ConfigError[] {
    this.tls.beginRound();
    const compiled = allAtOnce(compile(bootstrap, this.services));
    this.tls.endRound(false);
    return compiled.ok ? [] : compiled.errors;
  }

  /** Puts a configuration in force, all or nothing. Gives what is wrong; rejects when a port cannot be bound. */
  async load(bootstrap: Bootstrap): Promise<readonly ConfigError[]> {
    this.tls.beginRound();
    this.spans.of(bootstrap.node?.id ?? "", bootstrap.node?.locality?.zone ?? "");
    let inForce = false;
    try {
      // In slices: a large configuration must not hold up the requests of the one in force.
      const compiled = await inSlices(compile(bootstrap, this.services));
      if (!compiled.ok) return compiled.errors;
      await this.worker.apply(compiled.value, bootstrap);
      inForce = true;
      return [];
    } finally {
      this.tls.endRound(inForce);
    }
  }

  /** Sends spans that wait, while there are clusters to send them through. */
  flush(): void {
    this.spans.flush();
  }

  /** Stops watching secrets and writes out what the logs hold. */
  close(): void {
    this.tls.close();
    this.logs.close();
  }
}
