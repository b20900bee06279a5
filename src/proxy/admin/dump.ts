/** /config_dump and /server_info, in the shapes of envoy.admin.v3. */
import type { ProxyView } from "../core/view";

type Plain = Readonly<Record<string, unknown>>;
const typeUrl = "type.googleapis.com/envoy.admin.v3.";

/** `bootstrap` is the configuration in force as proto3 JSON, secrets redacted. */
export function configDump(bootstrap: unknown, loadedAt: number, version: number): object {
  const resources = member(bootstrap, "static_resources");
  const last_updated = new Date(loadedAt).toISOString();
  const entries = (field: string, key: string, type: string): object[] =>
    list(resources, field).map((resource) => ({
      [key]: { "@type": `type.googleapis.com/${type}`, ...(resource as object) },
      last_updated,
    }));
  return {
    configs: [
      { "@type": `${typeUrl}BootstrapConfigDump`, bootstrap, last_updated },
      {
        "@type": `${typeUrl}ClustersConfigDump`,
        version_info: String(version),
        static_clusters: entries("clusters", "cluster", "envoy.config.cluster.v3.Cluster"),
      },
      {
        "@type": `${typeUrl}ListenersConfigDump`,
        version_info: String(version),
        static_listeners: entries("listeners", "listener", "envoy.config.listener.v3.Listener"),
      },
    ],
  };
}

export function serverInfo(view: ProxyView, version: string, uptimeSeconds: number, bootstrap: unknown): object {
  const uptime = `${Math.floor(uptimeSeconds)}s`;
  return {
    version,
    state: view.state,
    uptime_current_epoch: uptime,
    uptime_all_epochs: uptime,
    hot_restart_version: "disabled",
    node: member(bootstrap, "node"),
  };
}

function member(value: unknown, name: string): Plain {
  const found = (value as Plain | undefined)?.[name];
  return typeof found === "object" && found !== null ? (found as Plain) : {};
}

function list(value: Plain, name: string): readonly unknown[] {
  const found = value[name];
  return Array.isArray(found) ? found : [];
}
