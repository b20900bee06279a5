import type * as pulumi from "@pulumi/pulumi";
import type { CostArgs } from "./cost";
import type { Backend, EgressMode, LogFilter, LogFormat, MtlsMode, TlsVersion } from "./enums";
import type { ExternalServiceArgs } from "./external";
import type { MeshGatewayArgs } from "./gateway";
import type { AuthorizationPolicyArgs, JwtPolicyArgs, MtlsPolicyArgs } from "./policy";
import type { MeshRouteArgs } from "./route";
import type { MeshServiceArgs } from "./service";
import type { SharedMesh } from "./shared";

/**
 * A mesh: its own settings, and as much of its content as is written here or in `specFile`. Further pieces attach
 * with `{ parent: mesh }`.
 */
export interface MeshArgs {
  /** What the mesh runs on: change it, and the same program goes there; needed unless `shared` says it. */
  backend?: Backend;
  /**
   * A mesh that another stack owns, as its `export` output tells it (`await Mesh.fromStack(…)`): what is written here
   * is added to that one, and settings of the whole mesh stay with the owner.
   */
  shared?: SharedMesh;
  /** A mesh.yaml to start from, relative to the project's root; what is written here comes on top, lists are added. */
  specFile?: string;
  /** Name of the mesh; default the specFile's, else the component's name. */
  name?: string;
  /** Namespace of what names none; default the specFile's, else default. */
  namespace?: string;
  /** SPIFFE trust domain of every identity; default cluster.local. */
  trustDomain?: string;
  /** mTLS where no policy says otherwise. */
  mtls?: MeshMtlsArgs;
  /** Namespaces that need more than a name. */
  namespaces?: MeshNamespaceArgs[];
  /** Settings by backend (istio, linkerd, …). */
  backends?: Record<string, BackendSettingsArgs>;
  /** Services of the mesh. */
  services?: MeshServiceArgs[];
  /** What the mesh calls outside. */
  externalServices?: ExternalServiceArgs[];
  /** Doors from outside. */
  gateways?: MeshGatewayArgs[];
  /** Where requests go. */
  routes?: MeshRouteArgs[];
  /** Calls to what the mesh does not know. */
  egress?: EgressArgs;
  /** Security. */
  policies?: PoliciesArgs;
  /** Metrics, traces and logs. */
  telemetry?: TelemetryArgs;
  /** How its cost is estimated, and what it may be. */
  cost?: CostArgs;
}

/** mTLS where no policy says otherwise. */
export interface MeshMtlsArgs {
  /** STRICT: only mTLS; PERMISSIVE: plain text too; DISABLE: only plain text; default PERMISSIVE. */
  mode?: MtlsMode;
  /** Oldest TLS version between services; default 1.2. */
  minVersion?: TlsVersion;
}

/** A namespace that needs more than a name. */
export interface MeshNamespaceArgs {
  /** Name of the namespace. */
  name: string;
  /** Rendered with the mesh; false: it exists already; default true. */
  create?: boolean;
  /** Pods get a sidecar; default true. */
  inject?: boolean;
  /** Further labels. */
  labels?: Record<string, string>;
}

/** Settings of one backend. */
export interface BackendSettingsArgs {
  /** Losses that are accepted on this backend. */
  accept?: AcceptedLossArgs[];
  /** helm: the control plane is rendered too; default none. */
  install?: string;
  /** Version of the mesh that runs there; the oldest supported when left out. */
  version?: string;
  /** What this backend alone needs: VPC, roles, project and the like. */
  settings?: pulumi.Inputs;
}

/** A loss that is accepted. */
export interface AcceptedLossArgs {
  /** Feature as in `meshup capabilities`: loadBalancing.peakEwma. */
  feature: string;
  /** Why doing without it is right here. */
  reason: string;
}

/** Calls to what the mesh does not know. */
export interface EgressArgs {
  /** REGISTRY_ONLY: only services and external services can be called. */
  mode?: EgressMode;
}

/** Security. */
export interface PoliciesArgs {
  /** mTLS modes by namespace, service, selector and port. */
  mtls?: MtlsPolicyArgs[];
  /** Who may call what. */
  authorization?: AuthorizationPolicyArgs[];
  /** Which tokens count. */
  jwt?: JwtPolicyArgs[];
  /** Namespaces where what no ALLOW names is refused; `*`: all of them. */
  defaultDeny?: string[];
}

/** Metrics, traces and logs. */
export interface TelemetryArgs {
  /** Metrics, under Istio's standard names. */
  metrics?: MetricsArgs;
  /** Traces; none when left out. */
  tracing?: TracingArgs;
  /** Access logs; none when left out. */
  accessLogs?: AccessLogsArgs;
}

/** Request metrics. */
export interface MetricsArgs {
  /** Request metrics are kept; default true. */
  enabled?: boolean;
}

/** Traces. */
export interface TracingArgs {
  /** Provider that the mesh knows by this name; default otlp. */
  provider?: string;
  /** Share of requests traced, in percent; 0: only those already traced. */
  sampling?: number;
  /** Collector that spans go to; the provider's own when left out. */
  endpoint?: string;
}

/** Access logs. */
export interface AccessLogsArgs {
  /** One JSON object or one line of text a request. */
  format?: LogFormat;
  /** Envoy's format string, for text; the proxy's own when left out. */
  template?: string;
  /** errors: statuses from 400 and failures alone. */
  filter?: LogFilter;
}
