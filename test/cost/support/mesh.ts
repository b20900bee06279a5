import { fromObject, type Model } from "../../../src/model";
import type { Estimate } from "../../../src/cost";
import { loadUsage, type Usage } from "../../../src/cost";

export interface ServiceSpec {
  readonly name: string;
  readonly replicas?: number;
  readonly calls?: readonly string[];
  /** The pods exist already: no workload. */
  readonly existing?: boolean;
}
/** A mesh of these services in namespace `shop`, with what else the test puts into its spec. */
export function meshOf(services: readonly ServiceSpec[], spec: Readonly<Record<string, unknown>> = {}): Model {
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      telemetry: { metrics: { enabled: false } },
      ...spec,
      services: services.map(({ name, replicas = 1, calls = [], existing }) => ({
        name,
        labels: { app: name },
        calls,
        ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
        versions: [
          {
            name: "v1",
            labels: { version: "v1" },
            ...(existing ? {} : { workload: { name, replicas, container: { name: "app", image: "app" } } }),
          },
        ],
      })),
    },
  });
  if (!model) throw new Error(JSON.stringify(findings, null, 2));
  return model;
}
/** Usage from the lines below `resource_usage` and `resource_type_default_usage`. */
export function usageOf(document: {
  readonly own?: Readonly<Record<string, unknown>>;
  readonly defaults?: Readonly<Record<string, unknown>>;
}): Usage {
  const { own = {}, defaults = {} } = document;
  const text = JSON.stringify({ version: 0.1, resource_type_default_usage: defaults, resource_usage: own });
  const { usage, findings } = loadUsage(text);
  if (!usage) throw new Error(JSON.stringify(findings, null, 2));
  return usage;
}
/** The expected cost of the lines with this SKU, in cents as a bill prints it. */
export const costOf = (estimate: Estimate, sku: string): string[] =>
  estimate.lines.filter((line) => line.sku === sku).map((line) => line.monthly?.expected.toFixed(2) ?? "open");
