import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, freePort, type KubernetesApi, stopped } from "./kubernetes";

/** ISTIOD_LOG=1 shows what both say. */
const log = process.env.ISTIOD_LOG ? "inherit" : "ignore";

/** A real istiod on a real API server, driving stock Envoys over ADS: what Istio truly makes of our manifests. */
export class Istiod {
  private readonly children: ChildProcess[] = [];
  private constructor(
    private readonly dir: string,
    private readonly grpcPort: number,
    private readonly debugPort: number,
    private readonly envoy: string,
  ) {}

  static async start(api: KubernetesApi, paths: { readonly istiod: string; readonly envoy: string }): Promise<Istiod> {
    const dir = mkdtempSync(join(tmpdir(), "meshup-istiod-"));
    const [grpc, http, monitoring] = await Promise.all([freePort(), freePort(), freePort()]);
    const meshConfig = join(dir, "mesh.yaml");
    // Without auto-mTLS no cluster waits for certificates that only an injected agent would bring.
    writeFileSync(meshConfig, "trustDomain: cluster.local\nenableAutoMtls: false\n");
    const istiod = new Istiod(dir, grpc, http, paths.envoy);
    const child = spawn(
      paths.istiod,
      [
        ...["discovery", "--kubeconfig", api.kubeconfig, "--meshConfig", meshConfig],
        ...["--grpcAddr", `127.0.0.1:${grpc}`, "--httpAddr", `127.0.0.1:${http}`, "--httpsAddr", ""],
        ...["--secureGRPCAddr", "", "--monitoringAddr", `127.0.0.1:${monitoring}`],
      ],
      {
        stdio: ["ignore", log, log],
        cwd: dir,
        env: {
          ...process.env,
          PILOT_ENABLE_ALPN_FILTER: "false",
          PILOT_ENABLE_METADATA_EXCHANGE: "false",
          POD_NAMESPACE: "istio-system",
          POD_NAME: "istiod",
          REVISION: "default",
          JWT_POLICY: "third-party-jwt",
          ENABLE_CA_SERVER: "false",
          PILOT_CERT_PROVIDER: "none",
        },
      },
    );
    istiod.children.push(child);
    try {
      await eventually(async () => {
        if (child.exitCode !== null) throw new Error(`istiod ended with ${child.exitCode}`);
        if ((await status(`http://127.0.0.1:${http}/ready`)) !== 200) throw new Error("istiod is not ready");
      }, 60_000);
    } catch (error) {
      await istiod.stop();
      throw error;
    }
    return istiod;
  }

  /** A sidecar's Envoy for a workload of `namespace`: an HTTP proxy port that takes requests by their Host header. */
  async sidecar(namespace: string, labels: Record<string, string> = {}): Promise<{ port: number; admin: number }> {
    const [port, admin] = await Promise.all([freePort(), freePort()]);
    const config = join(this.dir, `envoy-${port}.json`);
    writeFileSync(config, JSON.stringify(this.bootstrap(namespace, labels, port, admin)));
    const child = spawn(
      this.envoy,
      ["-c", config, "--concurrency", "1", "--disable-hot-restart", "-l", process.env.ISTIOD_LOG ? "info" : "error"],
      {
        stdio: ["ignore", log, log],
      },
    );
    this.children.unshift(child);
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`Envoy ended with ${child.exitCode}`);
      if ((await status(`http://127.0.0.1:${admin}/ready`)) !== 200) throw new Error("Envoy is not ready");
    }, 30_000);
    return { port, admin };
  }

  /** Version counters of istiod's own debug page: have all proxies been sent what is configured? */
  debug(page: string): Promise<string> {
    return body(`http://127.0.0.1:${this.debugPort}/debug/${page}`);
  }

  async stop(): Promise<void> {
    for (const child of this.children) await stopped(child);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private bootstrap(namespace: string, labels: Record<string, string>, port: number, admin: number): unknown {
    const address = (value: number) => ({ socket_address: { address: "127.0.0.1", port_value: value } });
    const ads = { ads: {}, resource_api_version: "V3" };
    return {
      node: {
        id: `sidecar~127.0.0.1~client-${port}.${namespace}~${namespace}.svc.cluster.local`,
        cluster: "client",
        metadata: {
          NAMESPACE: namespace,
          LABELS: labels,
          INTERCEPTION_MODE: "NONE",
          HTTP_PROXY_PORT: String(port),
          ISTIO_VERSION: "1.30.0",
          CLUSTER_ID: "Kubernetes",
          MESH_ID: "e2e",
        },
      },
      admin: { address: address(admin) },
      dynamic_resources: {
        ads_config: {
          api_type: "GRPC",
          transport_api_version: "V3",
          grpc_services: [{ envoy_grpc: { cluster_name: "istiod" } }],
        },
        cds_config: ads,
        lds_config: ads,
      },
      static_resources: {
        clusters: [
          {
            name: "istiod",
            type: "STATIC",
            connect_timeout: "5s",
            typed_extension_protocol_options: {
              "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                explicit_http_config: { http2_protocol_options: {} },
              },
            },
            load_assignment: {
              cluster_name: "istiod",
              endpoints: [{ lb_endpoints: [{ endpoint: { address: address(this.grpcPort) } }] }],
            },
          },
        ],
      },
    };
  }
}

function body(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.on("end", () => resolve(text));
    }).on("error", reject);
  });
}
function status(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    }).on("error", reject);
  });
}
