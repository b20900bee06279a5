import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { KubernetesApi, type Manifest } from "./kubernetes";

/**
 * A stand-in for Pulumi's Kubernetes provider, which no package registry serves: it acts on the API server of
 * $KUBECONFIG by server-side apply, with strict field validation. No controller runs beside that server, so this does
 * what the namespace controller would do at a namespace's end.
 */
const api = KubernetesApi.connect(process.env.KUBECONFIG ?? "");
const idOf = ({ metadata }: Manifest): string => [metadata.namespace, metadata.name].filter(Boolean).join("/");

/** How the SDK marks a secret on its way to a provider and back. */
const MARK = "4dabf18193072939515e22adb298388d";
type Data = Record<string, unknown>;

/** The values themselves. What goes back to the engine keeps the marks, so that they stay secret in its state. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (MARK in value) return revealed((value as Data).value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** What the provider was given, without what the SDK adds for itself. */
function manifestOf(inputs: Data): Manifest {
  const { __defaults: _, __internal: __, ...manifest } = revealed(inputs) as Data;
  return manifest as unknown as Manifest;
}

async function apply(inputs: Data): Promise<Manifest> {
  const manifest = manifestOf(inputs);
  const { status, body } = await api.apply(manifest);
  if (status >= 300) throw new Error(`${manifest.kind} ${idOf(manifest)}: ${status} ${String(body.message)}`);
  return manifest;
}

/** The parts of what is there that the manifest spoke of: the rest is the server's or another manager's. */
function project(manifest: unknown, live: unknown): unknown {
  if (Array.isArray(manifest)) {
    const items = Array.isArray(live) ? (live as readonly unknown[]) : [];
    return items.map((item, index) => (index < manifest.length ? project(manifest[index], item) : item));
  }
  if (typeof manifest !== "object" || manifest === null) return live;
  const there = (live ?? {}) as Readonly<Data>;
  return Object.fromEntries(Object.entries(manifest).map(([key, value]) => [key, project(value, there[key])]));
}

const { version } = createRequire(`${process.cwd()}/package.json`)("@pulumi/kubernetes/package.json") as {
  readonly version: string;
};
const provider: Provider = {
  version,
  check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
  diff: (_id, _urn, olds: Data, news: Data) => {
    const [before, after] = [manifestOf(olds), manifestOf(news)];
    const replaced = idOf(before) !== idOf(after) || before.kind !== after.kind;
    return Promise.resolve({
      changes: JSON.stringify(before) !== JSON.stringify(after),
      replaces: replaced ? ["metadata"] : [],
      deleteBeforeReplace: false,
    });
  },
  create: async (_urn, inputs: Data) => {
    return { id: idOf(await apply(inputs)), outs: inputs };
  },
  update: async (_id, _urn, _olds, news: Data) => {
    await apply(news);
    return { outs: news };
  },
  read: async (id, _urn, props: Data) => {
    const manifest = manifestOf(props);
    const { status, body } = await api.get(manifest);
    if (status === 404) return {};
    const live = project(manifest, body) as Data;
    return { id, props: isDeepStrictEqual(live, manifest) ? props : live };
  },
  delete: async (_id, _urn, props: Data) => {
    const manifest = manifestOf(props);
    const { status, body } = await api.delete(manifest);
    if (status >= 300 && status !== 404) throw new Error(`${idOf(manifest)}: ${status} ${String(body.message)}`);
    if (manifest.kind !== "Namespace") return;
    const path = `/api/v1/namespaces/${manifest.metadata.name}`;
    const { body: left } = await api.call("GET", path);
    await api.call("PUT", `${path}/finalize`, { ...left, spec: { finalizers: [] } });
  },
};
void main(provider, process.argv.slice(2));
