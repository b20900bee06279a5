/** Who may call whom, and how it is known who calls. */
import type { Leaf, Labels, MtlsMode, Ref } from "./common";

export interface Policies {
  readonly mtls: readonly MtlsPolicy[];
  readonly authorization: readonly AuthorizationPolicy[];
  readonly jwt: readonly JwtPolicy[];
  /** Namespaces (or `*`) where what no ALLOW names is denied. */
  readonly defaultDeny: readonly { readonly path: string; readonly namespace: string }[];
}
/** What a policy applies to: a whole namespace (no service, no selector), one service, or what labels select. */
export interface Target {
  readonly namespace: string;
  readonly service?: Ref;
  readonly selector?: Labels;
}
export interface MtlsPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly mode: MtlsMode;
  /** By workload (target) port. */
  readonly ports: readonly { readonly path: string; readonly port: number; readonly mode: MtlsMode }[];
}
export interface AuthorizationPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly action: "ALLOW" | "DENY" | "AUDIT";
  /** Any of these. ALLOW with none allows nothing. */
  readonly rules: readonly AuthorizationRule[];
}
/** All three parts must hold; within a part any entry. */
export interface AuthorizationRule {
  readonly path: string;
  readonly from: readonly Source[];
  readonly to: readonly Operation[];
  readonly when: readonly ClaimMatch[];
}
export interface Source {
  readonly path: string;
  /** The identities of this service's workloads. */
  readonly services: readonly Ref[];
  /** SPIFFE IDs without scheme; `*` at either end. */
  readonly principals: readonly string[];
  readonly namespaces: readonly string[];
  readonly ipBlocks: readonly string[];
  readonly requestPrincipals: readonly string[];
  readonly not: {
    readonly principals: readonly string[];
    readonly namespaces: readonly string[];
    readonly ipBlocks: readonly string[];
  };
}
export interface Operation {
  readonly path: string;
  readonly methods: readonly string[];
  /** Exact, or with `*` at either end. */
  readonly paths: readonly string[];
  readonly ports: readonly number[];
  readonly hosts: readonly string[];
  readonly not: {
    readonly methods: readonly string[];
    readonly paths: readonly string[];
    readonly ports: readonly number[];
  };
}
export interface ClaimMatch {
  readonly path: string;
  readonly claim: string;
  readonly values: readonly string[];
  readonly negate: boolean;
}
export interface JwtPolicy extends Ref {
  readonly path: string;
  readonly target: Target;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwksUri?: Leaf<string>;
  readonly jwks?: string;
  readonly fromHeaders: readonly { readonly name: string; readonly prefix: string }[];
  readonly forward: boolean;
  /** Refuse requests without a token. Default false: only bad tokens are refused. */
  readonly required: boolean;
}
