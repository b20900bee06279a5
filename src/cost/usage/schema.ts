import { z } from "zod";

/** Infracost's usage file, version 0.1, with the mesh's own keys; docs/cost.md explains each. */
const decimal = z.union([z.number(), z.string()]);
const load = z.union([
  decimal,
  z.strictObject({ average: decimal, expected: decimal.optional(), peak: decimal.optional() }),
]);
const rates = {
  requests_per_second: load.optional(),
  requests_per_hour: load.optional(),
  monthly_requests: load.optional(),
  growth_percent: decimal.optional(),
  request_bytes: decimal.optional(),
  response_bytes: decimal.optional(),
  monthly_data_gb: load.optional(),
};
export const serviceKeys = z.strictObject({
  ...rates,
  replicas: decimal.optional(),
  cross_zone_percent: decimal.optional(),
  log_bytes_per_request: decimal.optional(),
  metric_series_per_replica: decimal.optional(),
});
export const gatewayKeys = z.strictObject(rates);
export const meshKeys = z.strictObject({
  clusters: decimal.optional(),
  nodes: decimal.optional(),
  nat_gateways: decimal.optional(),
  monthly_nat_gb: load.optional(),
  certificates_per_month: load.optional(),
  monthly_discovery_calls: load.optional(),
  additional: z
    .array(
      z.strictObject({
        sku: z.string().min(1),
        name: z.string().min(1).optional(),
        component: z
          .enum(["mesh-fee", "data-plane", "control-plane", "certificates", "traffic", "telemetry"])
          .default("mesh-fee"),
        monthly_quantity: load,
      }),
    )
    .optional(),
});
export type ServiceKeys = z.infer<typeof serviceKeys>;
export type GatewayKeys = z.infer<typeof gatewayKeys>;
export type MeshKeys = z.infer<typeof meshKeys>;
export type Load = z.infer<typeof load>;

export const usageSchema = z.strictObject({
  version: z.union([z.literal(0.1), z.literal("0.1")]),
  resource_type_default_usage: z
    .strictObject({ mesh: meshKeys.optional(), service: serviceKeys.optional(), gateway: gatewayKeys.optional() })
    .optional(),
  /** By address: `mesh`, `service.NAMESPACE/NAME` and `gateway.NAMESPACE/NAME` (checked by the reader). */
  resource_usage: z.record(z.string(), z.unknown()).optional(),
});
export type UsageDocument = z.infer<typeof usageSchema>;
