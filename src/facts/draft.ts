import type {
  AuthorizationPolicy,
  ExternalService,
  Gateway,
  JwtPolicy,
  MtlsPolicy,
  Namespace,
  Operation,
  Route,
  Rule,
  Service,
  Source,
  Telemetry,
} from "../model/model";
import type { MeshFact, WorkloadFact } from "./facts";
import { noRawFacts, type RawFactLists } from "./raw-facts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What extractors fill in together. Paths are `resource id#field`. */
export interface Draft {
  mesh: Mutable<MeshFact>;
  namespaces: Namespace[];
  services: Service[];
  workloads: WorkloadFact[];
  externals: ExternalService[];
  gateways: Gateway[];
  routes: Route[];
  mtls: MtlsPolicy[];
  authorization: AuthorizationPolicy[];
  jwt: JwtPolicy[];
  defaultDeny: { readonly path: string; readonly namespace: string }[];
  telemetry: Mutable<Telemetry>;
  raw: RawFactLists;
}
export const newDraft = (): Draft => ({
  mesh: { path: "", trustDomain: "cluster.local", mode: "PERMISSIVE", minVersion: "1.2", egress: "ALLOW_ANY" },
  namespaces: [],
  services: [],
  workloads: [],
  externals: [],
  gateways: [],
  routes: [],
  mtls: [],
  authorization: [],
  jwt: [],
  defaultDeny: [],
  telemetry: { path: "", metrics: { enabled: true } },
  raw: noRawFacts(),
});

/** A rule that only sends: what it does not say is left at nothing, so that rules about it keep quiet. */
export const plainRule = (path: string): Rule => ({
  path,
  matches: [],
  backends: [],
  filters: { mirrors: [] },
  timeoutMs: 0,
  idleTimeoutMs: 0,
  retries: {
    path: `${path}.retries`,
    attempts: 0,
    perTryTimeoutMs: 0,
    on: [],
    statuses: [],
    backoff: { baseMs: 25, maxMs: 250 },
  },
});
export const anySource = (path: string): Source => ({
  path,
  services: [],
  principals: [],
  namespaces: [],
  ipBlocks: [],
  requestPrincipals: [],
  not: { principals: [], namespaces: [], ipBlocks: [] },
});
export const anyOperation = (path: string): Operation => ({
  path,
  methods: [],
  paths: [],
  ports: [],
  hosts: [],
  not: { methods: [], paths: [], ports: [] },
});
