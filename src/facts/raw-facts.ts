import type { Labels } from "../model/model";

/** What resources say that a mesh file cannot say wrongly, so that the model has no words for it. */
export interface RawFacts {
  /** How clients of a host connect. */
  readonly clientTls: readonly ClientTls[];
  /** How a server's port answers, where the resource itself says so. */
  readonly serverTls: readonly ServerTls[];
  /** Where a route sends to, one a rule. */
  readonly splits: readonly Split[];
  /** Versions of a host that routes may name. */
  readonly subsets: readonly Subset[];
  /** Who answers for a host on a gateway, or in the mesh. */
  readonly claims: readonly Claim[];
  /** A resource names another that must be there. */
  readonly references: readonly Reference[];
  /** What pods a resource is for. */
  readonly selectors: readonly Selection[];
  readonly patterns: readonly Pattern[];
  readonly egress: readonly Egress[];
  readonly resilience: readonly Resilience[];
  readonly logging: readonly Logging[];
  readonly listeners: readonly TlsListener[];
  /** Whether a scope refuses callers that nothing allows. */
  readonly access: readonly Access[];
}
export type RawFactLists = { -readonly [K in keyof RawFacts]: RawFacts[K][number][] };
export const noRawFacts = (): RawFactLists => ({
  clientTls: [],
  serverTls: [],
  splits: [],
  subsets: [],
  claims: [],
  references: [],
  selectors: [],
  patterns: [],
  egress: [],
  resilience: [],
  logging: [],
  listeners: [],
  access: [],
});

interface Placed {
  readonly path: string;
}
export interface ClientTls extends Placed {
  /** As it is called: a full DNS name, or whatever the backend calls it. */
  readonly host: string;
  readonly subset?: string;
  /** `MESH`: the mesh's own mutual TLS. `NONE`: nothing is said. */
  readonly mode: "DISABLE" | "SIMPLE" | "MUTUAL" | "MESH" | "NONE";
  /** The server's certificate is checked against something. */
  readonly verified: boolean;
  /** The host is outside the mesh. */
  readonly external: boolean;
}
export interface ServerTls extends Placed {
  readonly name: string;
  readonly mode: "STRICT" | "PERMISSIVE" | "DISABLE";
}
export interface Split extends Placed {
  readonly owner: string;
  readonly destinations: readonly Destination[];
}
export interface Destination extends Placed {
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  /** Undefined: none written. */
  readonly weight?: number;
  /** `mesh`: a host name that a Service or ServiceEntry has; otherwise a resource by name. */
  readonly kind: string;
}
export interface Subset extends Placed {
  readonly host: string;
  readonly namespace: string;
  /** Undefined: the policy of the whole host. */
  readonly name?: string;
  readonly labels: Labels;
}
export interface Claim extends Placed {
  readonly host: string;
  /** `mesh`, or the gateway's `namespace/name`. */
  readonly scope: string;
  readonly owner: string;
  readonly wildcard: boolean;
  /** The ports that its rules are for, where each of them says one; empty: all. */
  readonly ports: readonly number[];
}
export interface Reference extends Placed {
  /** `networking.istio.io/Gateway`, `policy.linkerd.io/Server`, … */
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  /** What it is for: authorization, gateway, credential. */
  readonly use: "authorization" | "gateway" | "credential";
  /** A listener of it that is named, or a port. */
  readonly section?: string;
}
export interface Selection extends Placed {
  readonly kind: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Gateways may select pods of any namespace. */
  readonly anywhere: boolean;
}
export interface Pattern extends Placed {
  readonly regex: string;
  /** It decides who may, rather than where to. */
  readonly decides: boolean;
}
export interface Egress extends Placed {
  readonly open: boolean;
  readonly scope: string;
}
export interface Resilience extends Placed {
  readonly host: string;
  readonly outlierDetection: boolean;
  readonly healthCheck: boolean;
}
export interface Logging extends Placed {
  readonly scope: string;
  readonly on: boolean;
}
export interface TlsListener extends Placed {
  readonly name: string;
  readonly port: number;
  readonly secure: boolean;
  readonly minVersion?: string;
  readonly credential?: string;
  readonly passthrough: boolean;
  readonly hosts: readonly string[];
  /** The gateway's own resource. */
  readonly gateway: string;
  readonly selector: string;
  readonly needsCredential: boolean;
  readonly redirects: boolean;
}
export interface Access extends Placed {
  readonly scope: string;
  readonly closed: boolean;
}
