import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const TOKEN = "e2e-administrator";

/** A real kube-apiserver and its etcd on free loopback ports, in a folder of their own; `stop` leaves nothing. */
export class KubernetesApi {
  private readonly plurals = new Map<string, { plural: string; namespaced: boolean }>();
  private constructor(
    readonly url: string,
    /** For clients that read a file, such as istiod. */
    readonly kubeconfig: string,
    private readonly ca: Buffer,
    private readonly dir: string,
    private readonly children: readonly ChildProcess[],
  ) {}

  /** The API server of a kubeconfig that `start` wrote, for another process; its end is the other's business. */
  static connect(kubeconfig: string): KubernetesApi {
    const { clusters } = JSON.parse(readFileSync(kubeconfig, "utf8")) as {
      clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
    };
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    return new KubernetesApi(server, kubeconfig, Buffer.from(ca, "base64"), "", []);
  }

  static async start(paths: { readonly etcd: string; readonly kubeApiserver: string }): Promise<KubernetesApi> {
    const dir = mkdtempSync(join(tmpdir(), "meshup-kube-"));
    const [client, peer, secure] = await Promise.all([freePort(), freePort(), freePort()]);
    const etcd = spawn(
      paths.etcd,
      [
        ...["--data-dir", join(dir, "etcd"), "--listen-client-urls", `http://127.0.0.1:${client}`],
        ...["--advertise-client-urls", `http://127.0.0.1:${client}`, "--listen-peer-urls", `http://127.0.0.1:${peer}`],
        ...["--initial-advertise-peer-urls", `http://127.0.0.1:${peer}`],
        ...["--initial-cluster", `default=http://127.0.0.1:${peer}`, "--unsafe-no-fsync"],
      ],
      { stdio: "ignore" },
    );
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(dir, "sa.key"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    writeFileSync(join(dir, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(dir, "tokens.csv"), `${TOKEN},admin,admin,system:masters\n`, { mode: 0o600 });
    const server = spawn(
      paths.kubeApiserver,
      [
        ...["--etcd-servers", `http://127.0.0.1:${client}`, "--bind-address", "127.0.0.1"],
        ...[
          "--secure-port",
          String(secure),
          "--cert-dir",
          join(dir, "certs"),
          "--token-auth-file",
          join(dir, "tokens.csv"),
        ],
        ...["--authorization-mode", "RBAC", "--service-account-issuer", "https://e2e.example"],
        ...[
          "--service-account-key-file",
          join(dir, "sa.pub"),
          "--service-account-signing-key-file",
          join(dir, "sa.key"),
        ],
        ...["--service-cluster-ip-range", "10.96.0.0/16", "--disable-admission-plugins", "ServiceAccount"],
        ...["--endpoint-reconciler-type", "none", "--anonymous-auth=false"],
      ],
      { stdio: ["ignore", "ignore", "ignore"] },
    );
    const children = [server, etcd];
    const url = `https://127.0.0.1:${secure}`;
    try {
      const ca = await eventually(() => readFileSync(join(dir, "certs/apiserver.crt")), 60_000);
      const kubeconfig = join(dir, "kubeconfig");
      writeFileSync(kubeconfig, kubeconfigFor(url, ca), { mode: 0o600 });
      const api = new KubernetesApi(url, kubeconfig, ca, dir, children);
      await eventually(async () => {
        const { status } = await api.call("GET", "/readyz");
        if (status !== 200) throw new Error(`readyz says ${status}`);
      }, 60_000);
      return api;
    } catch (error) {
      for (const child of children) child.kill("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Any call, with the administrator's token. */
  call(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.url}${path}`,
        {
          method,
          ca: this.ca,
          checkServerIdentity: () => undefined,
          headers: { authorization: `Bearer ${TOKEN}`, ...(text !== undefined && { "content-type": contentType }) },
        },
        (incoming) => {
          let received = "";
          incoming.setEncoding("utf8").on("data", (chunk: string) => (received += chunk));
          incoming.on("end", () => {
            const json = received.startsWith("{");
            const parsed = (json ? JSON.parse(received) : { text: received }) as Record<string, unknown>;
            resolve({ status: incoming.statusCode ?? 0, body: parsed });
          });
        },
      );
      outgoing.on("error", reject).end(text);
    });
  }

  /** Server-side apply with strict field validation: an unknown field or a broken rule is an answer of 400 or 422. */
  async apply(manifest: Manifest): Promise<Answer> {
    const path = await this.pathOf(manifest);
    return this.call(
      "PATCH",
      `${path}?fieldManager=meshup&force=true&fieldValidation=Strict`,
      manifest,
      "application/apply-patch+yaml",
    );
  }
  async get(manifest: Manifest): Promise<Answer> {
    return this.call("GET", await this.pathOf(manifest));
  }
  async delete(manifest: Manifest): Promise<Answer> {
    return this.call("DELETE", await this.pathOf(manifest));
  }

  /** Applies every CustomResourceDefinition of a YAML file and waits until all are served. */
  async applyCrds(file: string): Promise<void> {
    const crds = parseAllDocuments(readFileSync(file, "utf8"))
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest): manifest is Manifest => manifest?.kind === "CustomResourceDefinition");
    for (const crd of crds) {
      const { status, body } = await this.call(
        "PATCH",
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}?fieldManager=e2e&force=true`,
        crd,
        "application/apply-patch+yaml",
      );
      if (status >= 300) throw new Error(`${crd.metadata.name}: ${status} ${JSON.stringify(body)}`);
    }
    for (const crd of crds)
      await eventually(async () => {
        const { body } = await this.call(
          "GET",
          `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`,
        );
        const status = body.status as { conditions?: { type: string; status: string }[] } | undefined;
        if (!status?.conditions?.some((c) => c.type === "Established" && c.status === "True"))
          throw new Error(`${crd.metadata.name} is not established`);
      }, 20_000);
  }

  private async pathOf({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let found = this.plurals.get(`${apiVersion} ${kind}`);
    if (found === undefined) {
      const { body } = await this.call("GET", base);
      const resources = (body.resources ?? []) as { name: string; kind: string; namespaced: boolean }[];
      const resource = resources.find((r) => r.kind === kind && !r.name.includes("/"));
      if (resource === undefined) throw new Error(`the API server knows no ${apiVersion} ${kind}`);
      found = { plural: resource.name, namespaced: resource.namespaced };
      this.plurals.set(`${apiVersion} ${kind}`, found);
    }
    const scope = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${base}${scope}/${found.plural}/${metadata.name}`;
  }

  async stop(): Promise<void> {
    for (const child of this.children) await stopped(child);
    if (this.dir !== "") rmSync(this.dir, { recursive: true, force: true });
  }
}

function kubeconfigFor(url: string, ca: Buffer): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "e2e", cluster: { server: url, "certificate-authority-data": ca.toString("base64") } }],
    users: [{ name: "admin", user: { token: TOKEN } }],
    contexts: [{ name: "e2e", context: { cluster: "e2e", user: "admin" } }],
    "current-context": "e2e",
  });
}

/** Ends a child and waits for its end. */
export function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
  });
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0] as number;

/** All different, as all are held until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Tries again until it succeeds; after `ms` the last error is thrown. */
export async function eventually<T>(attempt: () => T | Promise<T>, ms: number): Promise<T> {
  for (const deadline = Date.now() + ms; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
