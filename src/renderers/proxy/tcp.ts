import { duration, extension, type Message } from "./envoy";

/** A relay of bytes to `{ cluster }` or `{ weighted_clusters }`; idle for `idleMs` it ends, at 0 only with its ends. */
export const tcpProxy = (name: string, to: Message, idleMs = 0): Message =>
  extension("envoy.filters.network.tcp_proxy", "filters.network.tcp_proxy.v3.TcpProxy", {
    stat_prefix: name,
    ...to,
    ...(idleMs > 0 ? { idle_timeout: duration(idleMs) } : {}),
  });
