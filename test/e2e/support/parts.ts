import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where tools/parts/build.sh leaves the real parts. */
export const partsDir = (): string =>
  process.env.MESHUP_PARTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "meshup-parts");

const places = {
  envoy: "venv/bin/envoy",
  python: "venv/bin/python",
  moto: "venv/bin/moto_server",
  pulumi: "bin/pulumi",
  pulumiPython: "bin/pulumi-language-python",
  node22: "node22/node_modules/node/bin/node",
  node24: "node24/node_modules/node/bin/node",
  istioctl: "bin/istioctl",
  istiod: "bin/istiod",
  istioCrds: "istio-crds.yaml",
  kubeApiserver: "bin/kube-apiserver",
  etcd: "bin/etcd",
} as const;
export type Part = keyof typeof places;

/** The path of a real part, or undefined where it has not been built. */
export function part(name: Part): string | undefined {
  const path = join(partsDir(), places[name]);
  return existsSync(path) ? path : undefined;
}

/** A suite on real parts: runs with their paths, or skips with one line that says what is absent and how to get it. */
export function describePart<P extends Part>(
  title: string,
  parts: readonly P[],
  suite: (paths: Readonly<Record<P, string>>) => void,
): void {
  const absent = parts.filter((name) => part(name) === undefined);
  if (absent.length > 0) {
    const line = `${title}: skipped, ${absent.join(", ")} absent (tools/parts/build.sh gets it)`;
    process.stderr.write(`${line}\n`);
    describe.skip(title, () => it(line, () => undefined));
    return;
  }
  const paths = Object.fromEntries(parts.map((name) => [name, part(name)])) as Record<P, string>;
  describe(title, () => suite(paths));
}
