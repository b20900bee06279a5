import { emulated, native, rows, unsupported } from "../capability";
import { source as s } from "../sources";
import { meshThat, servicesThat } from "../uses";

const latticeLogs = "access logs of the service network";

/** What can be seen, and what is started. */
export const telemetry = rows("telemetry", [
  [
    "telemetry.metrics",
    "Metrics switched off",
    "tuning",
    meshThat("telemetry.metrics", (m) => !m.telemetry.metrics.enabled),
    {
      istio: native(s.telemetry),
      linkerd: unsupported("proxies always count", s.linkerdTelemetry),
      appmesh: unsupported("proxies always count", s.appmeshMesh),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("CloudWatch always counts", s.latticeLogs),
      proxy: unsupported("proxies always count", s.envoyTelemetry, "Do not scrape them."),
    },
  ],
  [
    "telemetry.tracing",
    "Traces",
    "tuning",
    meshThat("telemetry.tracing", (m) => m.telemetry.tracing !== undefined),
    {
      istio: native(s.telemetry),
      linkerd: emulated("the collector in the control plane's values", "", s.linkerdTelemetry, { needs: "install" }),
      appmesh: unsupported("set in the proxy's environment", s.appmeshMesh, "Set ENABLE_ENVOY_XRAY_TRACING."),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("the service network makes no spans", s.latticeLogs),
      proxy: native(s.envoyTelemetry),
    },
  ],
  [
    "telemetry.tracing.endpoint",
    "A trace collector by address",
    "tuning",
    meshThat("telemetry.tracing.endpoint", (m) => m.telemetry.tracing?.endpoint !== undefined),
    {
      istio: native(s.meshConfig, { needs: "install" }),
      "istio-managed-csm": unsupported("spans go to Cloud Trace", s.managedCsm, "Leave the endpoint out."),
      linkerd: native(s.linkerdTelemetry, { needs: "install" }),
      appmesh: unsupported("set in the proxy's environment", s.appmeshMesh),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("the service network makes no spans", s.latticeLogs),
      proxy: native(s.envoyTelemetry),
    },
  ],
  [
    "telemetry.tracing.grpc",
    "A trace collector over gRPC",
    "tuning",
    meshThat(
      "telemetry.tracing.endpoint",
      ({ telemetry: { tracing } }) => tracing?.endpoint !== undefined && !/^https?:/.test(tracing.endpoint),
    ),
    {
      istio: native(s.meshConfig, { needs: "install" }),
      "istio-managed-csm": unsupported("spans go to Cloud Trace", s.managedCsm, "Leave the endpoint out."),
      linkerd: native(s.linkerdTelemetry, { needs: "install" }),
      appmesh: unsupported("set in the proxy's environment", s.appmeshMesh),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("the service network makes no spans", s.latticeLogs),
      proxy: native(s.envoyTelemetry, { needs: "envoy" }),
    },
  ],
  [
    "telemetry.accessLogs",
    "Access logs",
    "tuning",
    meshThat("telemetry.accessLogs", (m) => m.telemetry.accessLogs !== undefined),
    {
      istio: native(s.telemetry),
      linkerd: native(s.linkerdTelemetry, { form: "folded" }),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": emulated(latticeLogs, "", s.latticeLogs),
      proxy: native(s.envoyTelemetry),
    },
  ],
  [
    "telemetry.accessLogs.template",
    "Access logs in one's own format",
    "tuning",
    meshThat("telemetry.accessLogs.template", (m) => m.telemetry.accessLogs?.template !== undefined),
    {
      istio: native(s.meshConfig, { needs: "install" }),
      "istio-managed-csm": unsupported("the format is Google's", s.managedCsm),
      linkerd: unsupported("formats are apache and json", s.linkerdTelemetry),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("the format is AWS's", s.latticeLogs),
      proxy: native(s.envoyTelemetry),
    },
  ],
  [
    "telemetry.accessLogs.filter",
    "Access logs of errors only",
    "tuning",
    meshThat("telemetry.accessLogs.filter", (m) => m.telemetry.accessLogs?.filter === "errors"),
    {
      istio: native(s.telemetry),
      linkerd: unsupported("all requests or none", s.linkerdTelemetry),
      appmesh: unsupported("all requests or none", s.appmeshNode),
      gcsm: unsupported("set in the proxies' bootstrap", s.googleMesh),
      "vpc-lattice": unsupported("all requests or none", s.latticeLogs),
      proxy: native(s.envoyTelemetry),
    },
  ],
  [
    "workload.host",
    "Processes on this host",
    "routing",
    servicesThat(
      (x) =>
        x.versions.length > 0 &&
        x.versions.every((v) => v.workload?.host !== undefined && v.workload.container === undefined),
    ),
    {
      istio: unsupported("a cluster runs containers", s.kubernetes, "Give the workload a container."),
      linkerd: unsupported("a cluster runs containers", s.kubernetes, "Give the workload a container."),
      appmesh: unsupported("a cluster runs containers", s.kubernetes, "Give the workload a container."),
      gcsm: unsupported("a cluster runs containers", s.kubernetes, "Give the workload a container."),
      "vpc-lattice": unsupported("a cluster runs containers", s.kubernetes, "Give the workload a container."),
      proxy: native("this host"),
    },
  ],
]);
