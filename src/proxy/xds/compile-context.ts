import type { AuditLog } from "../authz/audit";
import type { DownstreamTls, UpstreamTls } from "../core/security";
import type { DownstreamStats } from "../core/stats";
import type { RequestObserver } from "../core/view";
import type { SpanTarget } from "../telemetry/span-batches";
import type { SpanExporter } from "../telemetry/tracer";
import type { AccessLog, DownstreamTlsContext, Secret, UpstreamTlsContext } from "./messages";
import type { ConfigError } from "./messages";

/** What compiling needs from outside: everything that has a life of its own. Each may throw an Error whose message is for users. */
export interface CompileServices {
  downstreamTls(context: DownstreamTlsContext, secrets: readonly Secret[], handshakeTimeout: number): DownstreamTls;
  upstreamTls(context: UpstreamTlsContext, secrets: readonly Secret[]): UpstreamTls;
  accessLog(log: AccessLog): RequestObserver;
  /** Gathers spans for a collector; equal targets share. */
  spans(target: SpanTarget): SpanExporter;
  /** Gets every request that rules refuse. */
  readonly audit: AuditLog;
  /** The numbers of the connection managers with this prefix: they outlive configurations. */
  downstreamStats(statPrefix: string): DownstreamStats;
}

/** Collects what is wrong, with paths, while compiling goes on: all mistakes at once. */
export class CompileContext {
  readonly errors: ConfigError[] = [];

  constructor(
    readonly services: CompileServices,
    readonly secrets: readonly Secret[],
    readonly clusters: ReadonlySet<string>,
    /** Largest RE2 program, from the runtime layer `re2.max_program_size.error_level`. */
    readonly maxProgramSize: number,
  ) {}

  error(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  /** Says that a field of the subset is not served yet; it is never ignored. */
  unserved(path: string, present: boolean): void {
    if (present) this.error(path, "is valid, but not served by this version of the bundled data plane");
  }

  /** Runs `make`; what it throws becomes an error at `path`. */
  try<T>(path: string, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      this.error(path, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
