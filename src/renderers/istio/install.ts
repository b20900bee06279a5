import type { Gateway, Model } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { collector } from "../collector";
import { defined, idOf, provenance } from "../k8s-resource";
import { namespaceNeeds } from "../k8s-service";
import { tlsVersions } from "./gateways";
import { NO_RETRIES } from "./retries";
import type { Settings } from "./settings";

type Fields = Readonly<Record<string, unknown>>;

/** Istio's own chart repository (istio.io/latest/docs/setup/install/helm, 2026-11). */
const REPOSITORY = "https://istio-release.storage.googleapis.com/charts";
/** The oldest release still maintained (istio.io/latest/docs/releases/supported-releases, 2026-11). */
const OLDEST = "1.30.0";

/** `1.30` is its first patch release: a range would install something else on another day. */
const chartVersion = (version: string | undefined): string => {
  if (version === undefined) return OLDEST;
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
};

interface Chart {
  readonly name: string;
  readonly chart: string;
  readonly namespace: string;
  readonly values: Fields;
  readonly owner: string;
  readonly dependsOn: readonly string[];
}

const release = (model: Model, { name, chart, namespace, values, owner, dependsOn }: Chart): PlanResource => ({
  id: idOf("Release", name, namespace),
  type: "kubernetes:helm.sh/v3:Release",
  name: `${namespace}/${name}`,
  properties: {
    name,
    chart,
    version: chartVersion(model.backends.istio?.version),
    namespace,
    createNamespace: true,
    repositoryOpts: { repo: REPOSITORY },
    values,
  },
  owner,
  dependsOn,
  provider: "kubernetes",
});

/** The control plane: Istio's CRDs, then istiod with the settings that no resource can express. */
export function controlPlane(model: Model, settings: Settings): PlanResource[] {
  const namespace = settings.rootNamespace;
  const revision = settings.revision === undefined ? {} : { revision: settings.revision };
  const base = release(model, {
    name: "istio-base",
    chart: "base",
    namespace,
    values: { defaultRevision: settings.revision ?? "default" },
    owner: "mesh",
    dependsOn: [],
  });
  const istiod = release(model, {
    name: "istiod",
    chart: "istiod",
    namespace,
    values: { ...revision, global: { istioNamespace: namespace }, meshConfig: meshConfig(model, settings) },
    owner: "mesh",
    dependsOn: [base.id],
  });
  return [base, istiod];
}

function meshConfig(model: Model, settings: Settings): Fields {
  const { tracing, accessLogs } = model.telemetry;
  const to = tracing?.endpoint === undefined ? undefined : collector(tracing.endpoint);
  return defined({
    rootNamespace: settings.rootNamespace,
    trustDomain: model.trustDomain,
    meshMTLS: { minProtocolVersion: tlsVersions[model.mtls.minVersion] },
    enableAutoMtls: true,
    outboundTrafficPolicy: { mode: model.egress.mode },
    defaultHttpRetryPolicy: NO_RETRIES,
    enableTracing: tracing !== undefined,
    extensionProviders:
      tracing === undefined || to === undefined ? undefined : [{ name: tracing.provider, opentelemetry: to }],
    accessLogEncoding: accessLogs && (accessLogs.format === "json" ? "JSON" : "TEXT"),
    accessLogFormat: accessLogs?.template,
  });
}

/** The pods of a gateway, labelled so that its selector finds them. */
export const gatewayRelease = (model: Model, gateway: Gateway, control: readonly string[]): PlanResource =>
  release(model, {
    name: gateway.name,
    chart: "gateway",
    namespace: gateway.namespace,
    values: {
      labels: { ...gateway.selector, ...provenance(model) },
      serviceAccount: { name: gateway.serviceAccount },
      service: { ports: servicePorts(gateway) },
    },
    owner: `gateway:${gateway.namespace}/${gateway.name}`,
    dependsOn: [...namespaceNeeds(model)(gateway.namespace), ...control],
  });

const STATUS = { name: "status-port", port: 15021, protocol: "TCP", targetPort: 15021 };

function servicePorts({ listeners }: Gateway): readonly Fields[] {
  const names = new Map(listeners.map(({ port, name }) => [port, name]));
  if (listeners.some(({ tls }) => tls?.redirectHttp) && !names.has(80)) names.set(80, "http-redirect");
  return [STATUS, ...[...names].map(([port, name]) => ({ name, port, protocol: "TCP", targetPort: port }))];
}
