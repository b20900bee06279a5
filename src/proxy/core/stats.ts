/** Live numbers, as plain fields: counting costs one addition. Names are Envoy's; gauges are 0 when nothing is in flight. */
export class ClusterStats {
  upstream_cx_total = 0;
  upstream_cx_active = 0;
  upstream_cx_connect_fail = 0;
  upstream_cx_connect_timeout = 0;
  upstream_cx_destroy = 0;
  upstream_cx_destroy_remote_with_active_rq = 0;
  upstream_cx_destroy_local_with_active_rq = 0;
  upstream_cx_idle_timeout = 0;
  upstream_cx_max_duration_reached = 0;
  upstream_cx_overflow = 0;
  upstream_cx_none_healthy = 0;
  upstream_cx_protocol_error = 0;
  upstream_cx_rx_bytes_total = 0;
  upstream_cx_tx_bytes_total = 0;
  upstream_rq_total = 0;
  upstream_rq_active = 0;
  upstream_rq_completed = 0;
  upstream_rq_pending_total = 0;
  upstream_rq_pending_active = 0;
  upstream_rq_pending_overflow = 0;
  upstream_rq_pending_failure_eject = 0;
  upstream_rq_cancelled = 0;
  upstream_rq_maintenance_mode = 0;
  upstream_rq_timeout = 0;
  upstream_rq_per_try_timeout = 0;
  upstream_rq_per_try_idle_timeout = 0;
  upstream_rq_rx_reset = 0;
  upstream_rq_tx_reset = 0;
  upstream_rq_retry = 0;
  upstream_rq_retry_backoff_exponential = 0;
  upstream_rq_retry_backoff_ratelimited = 0;
  upstream_rq_retry_limit_exceeded = 0;
  upstream_rq_retry_overflow = 0;
  upstream_rq_retry_success = 0;
  upstream_rq_1xx = 0;
  upstream_rq_2xx = 0;
  upstream_rq_3xx = 0;
  upstream_rq_4xx = 0;
  upstream_rq_5xx = 0;
  lb_healthy_panic = 0;
  membership_change = 0;
  update_attempt = 0;
  update_success = 0;
  update_failure = 0;
  ssl_fail_verify_error = 0;
  outlier_detection_ejections_active = 0;
  outlier_detection_ejections_total = 0;
  outlier_detection_ejections_enforced_total = 0;
  outlier_detection_ejections_overflow = 0;
  outlier_detection_ejections_enforced_consecutive_5xx = 0;
  outlier_detection_ejections_detected_consecutive_5xx = 0;
  outlier_detection_ejections_enforced_consecutive_gateway_failure = 0;
  outlier_detection_ejections_detected_consecutive_gateway_failure = 0;
  outlier_detection_ejections_enforced_consecutive_local_origin_failure = 0;
  outlier_detection_ejections_detected_consecutive_local_origin_failure = 0;
  outlier_detection_ejections_enforced_success_rate = 0;
  outlier_detection_ejections_detected_success_rate = 0;
  outlier_detection_ejections_enforced_local_origin_success_rate = 0;
  outlier_detection_ejections_detected_local_origin_success_rate = 0;
  outlier_detection_ejections_enforced_failure_percentage = 0;
  outlier_detection_ejections_detected_failure_percentage = 0;
  outlier_detection_ejections_enforced_local_origin_failure_percentage = 0;
  outlier_detection_ejections_detected_local_origin_failure_percentage = 0;
  health_check_attempt = 0;
  health_check_success = 0;
  health_check_failure = 0;
  health_check_network_failure = 0;
  health_check_healthy = 0;
}

/** Per host, as /clusters prints them. */
export class HostStats {
  cx_active = 0;
  cx_connect_fail = 0;
  cx_total = 0;
  rq_active = 0;
  rq_error = 0;
  rq_success = 0;
  rq_timeout = 0;
  rq_total = 0;
}

/** One HTTP connection manager (by `stat_prefix`). */
export class DownstreamStats {
  downstream_cx_total = 0;
  downstream_cx_active = 0;
  downstream_cx_destroy = 0;
  downstream_cx_destroy_local = 0;
  downstream_cx_destroy_remote = 0;
  downstream_cx_destroy_remote_active_rq = 0;
  downstream_cx_idle_timeout = 0;
  downstream_cx_max_duration_reached = 0;
  downstream_cx_protocol_error = 0;
  downstream_cx_ssl_total = 0;
  downstream_cx_ssl_active = 0;
  downstream_cx_rx_bytes_total = 0;
  downstream_cx_tx_bytes_total = 0;
  downstream_cx_drain_close = 0;
  downstream_cx_upgrades_total = 0;
  downstream_cx_upgrades_active = 0;
  downstream_rq_total = 0;
  downstream_rq_active = 0;
  downstream_rq_http1_total = 0;
  downstream_rq_completed = 0;
  downstream_rq_1xx = 0;
  downstream_rq_2xx = 0;
  downstream_rq_3xx = 0;
  downstream_rq_4xx = 0;
  downstream_rq_5xx = 0;
  downstream_rq_rx_reset = 0;
  downstream_rq_tx_reset = 0;
  downstream_rq_timeout = 0;
  downstream_rq_header_timeout = 0;
  downstream_rq_idle_timeout = 0;
  downstream_rq_max_duration_reached = 0;
  downstream_rq_too_large = 0;
  downstream_rq_non_relative_path = 0;
  downstream_rq_ws_on_non_ws_route = 0;
  no_route = 0;
  /** Counters of its filters, by kind and the first part of their names (`rbac.`); they outlive configurations. */
  readonly filters = new Map<string, { readonly prefix: string; readonly counters: object }>();

  /** The counters under `prefix`, made when they are first asked for. */
  filter<T extends object>(prefix: string, make: () => T): T {
    const fresh = make();
    const kind = `${fresh.constructor.name} ${prefix}`;
    const found = this.filters.get(kind);
    if (found !== undefined) return found.counters as T;
    this.filters.set(kind, { prefix, counters: fresh });
    return fresh;
  }
}

/** One listener (by address). */
export class ListenerStats {
  downstream_cx_total = 0;
  downstream_cx_active = 0;
  downstream_cx_destroy = 0;
  downstream_cx_overflow = 0;
  no_filter_chain_match = 0;
  ssl_connection_error = 0;
  ssl_handshake = 0;
}
