import { type HealthCheck, keyOf, type Model, type Port, type Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { versionsOrNone } from "../shares";
import { targetGroupId, targetGroupName } from "./names";
import { latticePorts, spoken } from "./protocols";

export function targetGroups(model: Model, service: Service): PlanResource[] {
  return latticePorts(service).flatMap((port) =>
    versionsOrNone(service).map((version): PlanResource => {
      const name = targetGroupName(model, service, version, port);
      const speaks = spoken(model, service, port);
      return {
        id: targetGroupId(service, version, port),
        type: "aws:vpclattice/targetGroup:TargetGroup",
        name,
        properties: {
          name,
          type: "IP",
          config: {
            port: port.targetPort,
            ...(speaks === "tls" || speaks === "tcp"
              ? { protocol: "TCP" }
              : { protocol: "HTTP", protocolVersion: versions[speaks] }),
            ...(vpc(model) !== undefined && { vpcIdentifier: vpc(model) }),
            ...(speaks !== "tls" && healthCheck(port, service.traffic.healthCheck)),
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
/** Lattice's ranges; a finding says where a value is outside (docs.aws.amazon.com/vpc-lattice, target group health checks, 2026-11). */
export const HEALTH_RANGES = {
  intervalMs: [5_000, 300_000],
  timeoutMs: [1_000, 120_000],
  healthyThreshold: [2, 10],
  unhealthyThreshold: [2, 10],
} as const;
export type HealthNumber = keyof typeof HEALTH_RANGES;
const within = (check: HealthCheck, key: HealthNumber): number =>
  Math.min(HEALTH_RANGES[key][1], Math.max(HEALTH_RANGES[key][0], check[key]));

/** Always written: Lattice checks by itself where nothing is said. It has no checks over TCP or gRPC. */
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
      healthCheckIntervalSeconds: Math.round(within(check, "intervalMs") / 1000),
      healthCheckTimeoutSeconds: Math.round(within(check, "timeoutMs") / 1000),
      healthyThresholdCount: within(check, "healthyThreshold"),
      unhealthyThresholdCount: within(check, "unhealthyThreshold"),
      matcher: { value: statuses },
    },
  };
}
