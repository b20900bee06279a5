import { createRequire } from "node:module";
import { main, type Provider } from "@pulumi/pulumi/provider";

/**
 * A stand-in for Pulumi's Kubernetes provider, which no package registry serves: enough for previews, and for updates
 * that only the engine looks at. What is given comes back, named as Kubernetes would name it.
 */
interface Manifest {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}
const idOf = ({ metadata }: Manifest): string => [metadata?.namespace, metadata?.name].filter(Boolean).join("/");

const { version } = createRequire(`${process.cwd()}/package.json`)("@pulumi/kubernetes/package.json") as {
  readonly version: string;
};
const provider: Provider = {
  version,
  check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
  diff: (_id, _urn, olds: unknown, news: unknown) =>
    Promise.resolve({ changes: JSON.stringify(olds) !== JSON.stringify(news) }),
  create: (_urn, inputs: Manifest) => Promise.resolve({ id: idOf(inputs), outs: inputs }),
  update: (_id, _urn, _olds, news: unknown) => Promise.resolve({ outs: news }),
  delete: () => Promise.resolve(),
};
void main(provider, process.argv.slice(2));
