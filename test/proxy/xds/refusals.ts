import { DownstreamStats } from "../../../src/proxy/core/stats";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { compile, type CompileServices } from "../../../src/proxy/xds/compile";
import { allAtOnce } from "../../../src/proxy/xds/steps";

const services: CompileServices = {
  downstreamTls: () => ({ key: "", accept: () => undefined }),
  upstreamTls: () => ({
    key: "",
    generation: 0,
    connect: () => {
      throw new Error("nothing is dialled here");
    },
  }),
  spans: () => ({ export: () => undefined }),
  accessLog: () => ({ onRequest: () => undefined }),
  audit: { denied: () => undefined },
  downstreamStats: () => new DownstreamStats(),
};

/** What the bundled proxy does not take of a configuration, each with its path. */
export function refusalsOf(bootstrap: unknown): string[] {
  const read = readBootstrap({ value: bootstrap });
  const result = read.ok ? allAtOnce(compile(read.bootstrap, services)) : read;
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path}: ${message}`);
}
