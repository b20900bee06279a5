import { extension, type Message } from "./envoy";

/** A relay of bytes to `{ cluster }` or `{ weighted_clusters }`. */
export const tcpProxy = (name: string, to: Message): Message =>
  extension("envoy.filters.network.tcp_proxy", "filters.network.tcp_proxy.v3.TcpProxy", { stat_prefix: name, ...to });
