import type {
  AuthorizationPolicy,
  BackendName,
  Call,
  Container,
  ExternalService,
  Gateway,
  JwtPolicy,
  Labels,
  MtlsMode,
  MtlsPolicy,
  Namespace,
  Ref,
  Route,
  Service,
  Telemetry,
  TlsVersion,
} from "../model/model";
import type { Lookup } from "./lookup";

/**
 * What rules reason about, in the model's words, wherever it comes from: a mesh file (`fromModel`) or resources that
 * somebody deployed or wrote by hand. `path` names the place in that source: `routes[0].http[1]` for a mesh file,
 * the resource and its field for others. A list that an extractor cannot fill stays empty, and `complete` says so.
 */
export interface Facts {
  readonly mesh: MeshFact;
  readonly namespaces: readonly Namespace[];
  readonly services: readonly Service[];
  readonly workloads: readonly WorkloadFact[];
  readonly externals: readonly ExternalService[];
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  readonly mtls: readonly MtlsPolicy[];
  readonly authorization: readonly AuthorizationPolicy[];
  readonly jwt: readonly JwtPolicy[];
  readonly defaultDeny: readonly { readonly path: string; readonly namespace: string }[];
  readonly telemetry: Telemetry;
  readonly backends: readonly { readonly path: string; readonly name: BackendName }[];
  readonly complete: Complete;
  /** Whether the field was written, rather than defaulted. */
  readonly wrote: (path: string) => boolean;
  /** Indexes over the lists above, built once. */
  readonly lookup: Lookup;
}

export interface MeshFact {
  readonly path: string;
  readonly trustDomain: string;
  readonly mode: MtlsMode;
  readonly minVersion: TlsVersion;
  readonly egress: "REGISTRY_ONLY" | "ALLOW_ANY";
}

/** Whether the lists hold everything there is, so that absence proves something. */
export interface Complete {
  /** Every workload that may have an identity of this trust domain is known. */
  readonly workloads: boolean;
  readonly calls: boolean;
}

/** Pods (or processes) that serve one version of a service. */
export interface WorkloadFact {
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly service: Ref;
  readonly version: string;
  readonly replicas: number;
  /** The service's labels and the version's: what selectors see. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  /** SPIFFE ID without scheme: `cluster.local/ns/shop/sa/cart`. */
  readonly principal: string;
  /** A sidecar will stand beside it. */
  readonly injected: boolean;
  readonly container?: Container;
  /** The pod template as Kubernetes writes it. */
  readonly template?: Readonly<Record<string, unknown>>;
  readonly calls: readonly Call[];
}
