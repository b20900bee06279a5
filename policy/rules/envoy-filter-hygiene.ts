import { reading } from "../../src/facts";
import { type PolicyRule } from "../rule";

export const envoyFilterHygiene: PolicyRule = {
  code: "MESH6037",
  name: "envoy-filter-hygiene",
  title: "Raw proxy configuration is aimed and absolute",
  why: "An EnvoyFilter is applied as it stands: a relative operation changes meaning with the order of filters, a broken name stops the listener, and an upgrade changes what it patches.",
  wanted: "a workloadSelector, a priority, and an operation that does not depend on order",
  remedy:
    "Use Telemetry, WasmPlugin or a typed field where there is one; else set priority, select the workloads, and use INSERT_FIRST or MERGE on a named filter.",
  scope: "resource",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { istio: ["IST0151", "IST0152", "IST0153", "IST0154", "IST0155"] },
  *run({ resources }) {
    for (const { id, name, body } of resources.of("networking.istio.io/EnvoyFilter")) {
      const spec = reading.fields(body.spec);
      if (spec.workloadSelector === undefined && spec.targetRefs === undefined)
        yield {
          path: `${id}#spec`,
          message: `${name} changes every proxy of its namespace`,
          found: "no workloadSelector",
        };
      for (const { item, path } of reading.items(spec.configPatches, `${id}#spec.configPatches`)) {
        const operation = reading.text(reading.inside(item, "patch", "operation"));
        const at = `${path}.patch.operation`;
        const filters = item.applyTo === "HTTP_FILTER" || item.applyTo === "NETWORK_FILTER";
        if (
          operation === "REPLACE" &&
          filters &&
          reading.inside(item, "match", "listener", "filterChain", "filter") === undefined
        )
          yield { path: at, message: `${name} replaces a filter that it does not name`, found: operation };
        if (operation === "ADD" && filters)
          yield {
            path: at,
            message: `ADD does nothing to filters`,
            found: operation,
            wanted: "INSERT_FIRST or INSERT_BEFORE a named filter",
          };
        const relative = operation === "INSERT_BEFORE" || operation === "INSERT_AFTER";
        if (relative && spec.priority === undefined)
          yield {
            path: at,
            message: `Where ${name} puts its filter depends on the order of others`,
            found: `${operation} without priority`,
            wanted: "spec.priority",
          };
        if (/ROUTE_CONFIGURATION|VIRTUAL_HOST/.test(reading.text(item.applyTo) ?? "") && operation === "REPLACE")
          yield { path: at, message: `${name} replaces what the control plane makes anew`, found: operation };
        const version = reading.inside(item, "match", "proxy", "proxyVersion");
        if (version !== undefined)
          yield {
            path: `${path}.match.proxy.proxyVersion`,
            message: `${name} stops applying at the next upgrade`,
            found: String(version),
            wanted: "no proxyVersion",
          };
      }
    }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua, namespace: shop }
spec:
  workloadSelector: { labels: { app: cart } }
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: REPLACE, value: { name: envoy.filters.http.lua } }
`,
    right: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua, namespace: shop }
spec:
  priority: 10
  workloadSelector: { labels: { app: cart } }
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: INSERT_FIRST, value: { name: envoy.filters.http.lua } }
`,
    unknown: [0, "spec.configPatches.0.patch.operation"],
  },
};
