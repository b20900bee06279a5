import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../../../src/model";
import { manifestsOf } from "../../../src/plan";
import { Loader } from "../../../src/proxy/loader";
import { Worker } from "../../../src/proxy/worker";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { render as renderIstio } from "../../../src/renderers/istio";
import {
  BOOTSTRAP,
  type BootstrapProperties,
  calleesOf,
  type Message,
  type Placement,
  portKey,
  render as renderProxy,
  workloadKey,
} from "../../../src/renderers/proxy";
import { Istiod } from "../support/istiod";
import { eventually, freePort, freePorts, KubernetesApi, type Manifest, stopped } from "../support/kubernetes";
import { put, type Way } from "./ask";
import { CALLER, CANARY, NAMESPACE, workloadEntries } from "./mesh";
import type { Upstreams } from "./upstream";

type Paths = Readonly<Record<"etcd" | "kubeApiserver" | "istioCrds" | "istiod" | "envoy", string>>;

/** The istio rendering on an API server, translated by istiod, served by a stock Envoy. */
export class IstioSide {
  private constructor(
    private readonly api: KubernetesApi,
    private readonly istiod: Istiod,
    readonly way: Way,
  ) {}

  static async start(paths: Paths, model: Model, upstreams: Upstreams): Promise<IstioSide> {
    const api = await KubernetesApi.start(paths);
    let istiod: Istiod | undefined;
    try {
      await api.applyCrds(paths.istioCrds);
      const manifests = manifestsOf(renderIstio(model).plan) as unknown as readonly Manifest[];
      const [first, ...others] = manifests;
      // The last of them is the canary's route.
      for (const manifest of [first, ...workloadEntries(model, upstreams.addresses), ...others])
        if (manifest !== undefined) await accepted(api, manifest);
      istiod = await Istiod.start(api, paths);
      const { port } = await istiod.sidecar(NAMESPACE, { app: CALLER, version: "v1" });
      const way: Way = { name: "istio", to: () => ({ host: "127.0.0.1", port }) };
      await eventually(async () => {
        const { status } = await put(way, upstreams, CANARY, { path: "/" }, false);
        if (status !== 299) throw new Error(`the canary says ${status}`);
      }, 30_000);
      return new IstioSide(api, istiod, way);
    } catch (error) {
      await istiod?.stop();
      await api.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.istiod.stop();
    await this.api.stop();
  }
}

export async function accepted(api: KubernetesApi, manifest: Manifest): Promise<void> {
  const { status, body } = await api.apply(manifest);
  if (status >= 300) throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${status} ${String(body.message)}`);
}

/** The bootstrap of the caller's sidecar, and where it listens for each service. */
async function callersBootstrap(
  model: Model,
  addresses: Upstreams["addresses"],
): Promise<{ bootstrap: Message; ports: Map<string, number> }> {
  const caller = model.services.find(({ name }) => name === CALLER);
  if (caller === undefined) throw new Error("the mesh has no caller");
  const ports = new Map<string, number>();
  const callees = calleesOf(model, caller);
  for (const [index, port] of (await freePorts(callees.length)).entries()) ports.set(callees[index]?.name ?? "", port);
  const at = (port: number) => ({ address: "127.0.0.1", port });
  const free = at(await freePort());
  const outbound = Object.fromEntries(
    [...ports].map(([name, port]) => [portKey({ name, namespace: NAMESPACE }, 80), at(port)]),
  );
  const replicas: Placement["replicas"] = Object.fromEntries(
    model.services.flatMap((service) =>
      service.versions.map((version) => {
        const endpoint = addresses[version.name] ?? free;
        const place = { replica: 0, app: {}, inbound: { 8080: endpoint }, admin: free, certificates: "none", outbound };
        return [workloadKey(service, version), [place]];
      }),
    ),
  );
  const { plan } = renderProxy(model, {
    placement: { replicas, client: { admin: free, certificates: "none", outbound: {} } },
  });
  const properties = plan.resources
    .filter(({ type }) => type === BOOTSTRAP)
    .map((resource) => resource.properties as unknown as BootstrapProperties)
    .find(({ workload }) => workload === `${CALLER}-v1`);
  if (properties === undefined) throw new Error("the caller has no proxy");
  const { static_resources: all } = properties.bootstrap as {
    readonly static_resources: { readonly listeners: readonly Message[] };
  };
  // What comes in to the caller is nobody's question, and its listener would take the application's address.
  const listeners = all.listeners.filter((listener) => listener.traffic_direction === "OUTBOUND");
  return { bootstrap: { ...properties.bootstrap, static_resources: { ...all, listeners } }, ports };
}

/** Why the bundled proxy would not take this mesh; empty where it takes it. */
export async function refusals(model: Model, addresses: Upstreams["addresses"]): Promise<readonly string[]> {
  const worker = new Worker();
  const loader = new Loader(worker, () => undefined);
  const { bootstrap } = await callersBootstrap(model, addresses);
  const read = readBootstrap({ value: bootstrap });
  const errors = read.ok ? loader.check(read.bootstrap) : read.errors;
  loader.close();
  worker.close();
  return errors.map(({ path, message }) => `${path}: ${message}`);
}

/** The proxy rendering, served by the bundled proxy. */
export class BundledSide {
  private constructor(
    private readonly worker: Worker,
    private readonly loader: Loader,
    readonly way: Way,
  ) {}

  static async start(model: Model, upstreams: Upstreams): Promise<BundledSide> {
    const { bootstrap, ports } = await callersBootstrap(model, upstreams.addresses);
    const worker = new Worker();
    const loader = new Loader(worker, () => undefined);
    const read = readBootstrap({ value: bootstrap });
    const errors = read.ok ? await loader.load(read.bootstrap) : read.errors;
    if (errors.length > 0) throw new Error(JSON.stringify(errors, undefined, 1));
    return new BundledSide(worker, loader, wayTo("bundled", ports));
  }

  stop(): void {
    this.loader.close();
    this.worker.close();
  }
}

/** The proxy rendering, served by a stock Envoy. */
export class EnvoySide {
  private constructor(
    private readonly child: ChildProcess,
    private readonly dir: string,
    readonly way: Way,
  ) {}

  static async start({ envoy }: Pick<Paths, "envoy">, model: Model, upstreams: Upstreams): Promise<EnvoySide> {
    const { bootstrap, ports } = await callersBootstrap(model, upstreams.addresses);
    const dir = mkdtempSync(join(tmpdir(), "meshup-envoy-"));
    const file = join(dir, "envoy.json");
    writeFileSync(file, JSON.stringify(bootstrap));
    const options = ["--concurrency", "1", "--disable-hot-restart", "-l", "error"];
    const child = spawn(envoy, ["-c", file, ...options], { stdio: ["ignore", "ignore", "inherit"] });
    const side = new EnvoySide(child, dir, wayTo("envoy", ports));
    try {
      await eventually(async () => {
        if (child.exitCode !== null) throw new Error(`Envoy ended with ${child.exitCode}`);
        await put(side.way, upstreams, CANARY, { path: "/" }, false);
      }, 30_000);
    } catch (error) {
      await side.stop();
      throw error;
    }
    return side;
  }

  async stop(): Promise<void> {
    await stopped(this.child);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const wayTo = (name: string, ports: ReadonlyMap<string, number>): Way => ({
  name,
  to: (self) => ({ host: "127.0.0.1", port: ports.get(self) ?? 0 }),
});
