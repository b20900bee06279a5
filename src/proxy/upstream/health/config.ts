/** Active health checking of a cluster's hosts. Times are milliseconds. */
export interface HealthCheckConfig {
  readonly timeout: number;
  readonly interval: number;
  /** At random, before the first check. */
  readonly initialJitter: number;
  /** At random, on top of each interval. */
  readonly intervalJitter: number;
  /** As `intervalJitter`, in percent of the interval. */
  readonly intervalJitterPercent: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
  /** In place of `interval` while the cluster has had no connection for a request. */
  readonly noTrafficInterval: number;
  /** In place of `interval` for a host that is unhealthy. */
  readonly unhealthyInterval: number;
  readonly reuseConnection: boolean;
  readonly probe: ProbeConfig;
}

export type ProbeConfig =
  | { readonly kind: "tcp" }
  | {
      readonly kind: "http";
      readonly method: string;
      readonly path: string;
      /** Empty: the host's own, or the cluster's name. */
      readonly host: string;
      /** From (included) to (excluded). */
      readonly expected: readonly (readonly [number, number])[];
    };
