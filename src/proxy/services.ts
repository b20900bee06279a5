import type { CompileServices } from "./xds/compile-context";
import type { Worker } from "./worker";

/** What compiling needs, on this machine, for one worker. */
export function compileServices(worker: Worker): CompileServices {
  const unserved = (what: string) => (): never => {
    throw new Error(`${what} is not served by this version of the bundled data plane`);
  };
  return {
    downstreamTls: unserved("TLS"),
    upstreamTls: unserved("TLS"),
    accessLog: unserved("an access log"),
    downstreamStats: (prefix) => worker.downstreamStats(prefix),
  };
}
