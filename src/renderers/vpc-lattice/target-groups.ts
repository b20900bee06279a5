import { keyOf, type HealthCheck, type Model, type Port, type Service, type Version } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { targetGroupId, targetGroupName } from "./names";

/** One target group a version, or one for pods that exist already. */
export const versionsOrNone = (service: Service): readonly (Version | undefined)[] =>
  service.versions.length === 0 ? [undefined] : service.versions;

/** Ports that a Lattice service can listen on: it has no plain TCP. */
export const latticePorts = (service: Service): readonly Port[] =>
  service.ports.filter((port) => port.protocol !== "tcp");

export function targetGroups(model: Model, service: Service): PlanResource[] {
  return latticePorts(service).flatMap((port) =>
    versionsOrNone(service).map((version): PlanResource => {
      const name = targetGroupName(model, service, version, port);
      return {
        id: targetGroupId(service, version, port),
        type: "aws:vpclattice/targetGroup:TargetGroup",
        name,
        properties: {
          name,
          type: "IP",
          config: {
            port: port.targetPort,
            ...protocol(port),
            ...(vpc(model) !== undefined && { vpcIdentifier: vpc(model) }),
            ...(port.protocol !== "tls" && healthCheck(port, service.traffic.healthCheck)),
          },
        },
        owner: `service:${keyOf(service)}`,
        dependsOn: [],
        provider: "aws",
      };
    }),
  );
}

/** Setting `vpcId`: the VPC that the targets are in; Lattice needs it for IP targets. */
export const vpc = (model: Model): unknown => model.backends["vpc-lattice"]?.settings.vpcId;

const versions = { http: "HTTP1", http2: "HTTP2", grpc: "GRPC" } as const;
const protocol = (port: Port): object =>
  port.protocol === "tls" || port.protocol === "tcp"
    ? { protocol: "TCP" }
    : { protocol: "HTTP", protocolVersion: versions[port.protocol] };

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));

/** Always written. Lattice's ranges: interval 5–300 s, timeout 1–120 s, thresholds 2–10 (API model, 2026-11). */
function healthCheck(port: Port, check: HealthCheck | undefined): object {
  if (check === undefined || check.kind !== "http") return { healthCheck: { enabled: false } };
  const statuses = check.expectedStatuses.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
  return {
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      protocolVersion: port.protocol === "http" ? "HTTP1" : "HTTP2",
      path: check.httpPath ?? "/",
      ...(check.port !== undefined && { port: check.port }),
      healthCheckIntervalSeconds: within(check.intervalMs / 1000, 5, 300),
      healthCheckTimeoutSeconds: within(check.timeoutMs / 1000, 1, 120),
      healthyThresholdCount: within(check.healthyThreshold, 2, 10),
      unhealthyThresholdCount: within(check.unhealthyThreshold, 2, 10),
      matcher: { value: statuses },
    },
  };
}
