import type * as pulumi from "@pulumi/pulumi";
import type { AuthorizationAction, MtlsMode } from "./enums";

/** What a policy applies to: a service, a selector, or a whole namespace. */
export interface PolicyTargetArgs {
  /** The workloads of this service: name or namespace/name. */
  service?: string;
  /** The workloads that carry these labels. */
  selector?: Record<string, string>;
  /** The namespace meant; default the policy's. */
  namespace?: string;
}

/** Which connections a workload takes: mutual TLS, plain text, or both. */
export interface MtlsPolicyArgs {
  /** Name of the policy; default the component's name. */
  name?: string;
  /** Kubernetes namespace of the policy; default its target's. */
  namespace?: string;
  /** What it applies to; the whole namespace when left out. */
  target?: PolicyTargetArgs;
  /** Short for a target that is a selector. */
  selector?: Record<string, string>;
  /** STRICT: only mTLS; PERMISSIVE: plain text too; DISABLE: only plain text; default the mesh's. */
  mode?: MtlsMode;
  /** Modes by the workload's own port (targetPort); needs a service or a selector. */
  ports?: Record<string, MtlsMode>;
}

/** Who may call what. */
export interface AuthorizationPolicyArgs {
  /** Name of the policy; default the component's name. */
  name?: string;
  /** Kubernetes namespace of the policy; default its target's. */
  namespace?: string;
  /** What it applies to; the whole namespace when left out. */
  target?: PolicyTargetArgs;
  /** Short for a target that is a selector. */
  selector?: Record<string, string>;
  /** What happens to what matches; DENY goes before ALLOW, AUDIT only logs; default ALLOW. */
  action?: AuthorizationAction;
  /** Any of these; ALLOW with none allows nothing. */
  rules?: AuthorizationRuleArgs[];
}

/** One rule: all three parts must hold; within from and to any entry. */
export interface AuthorizationRuleArgs {
  /** Any of these callers; empty: every caller. */
  from?: CallerArgs[];
  /** Any of these operations; empty: every one. */
  to?: OperationArgs[];
  /** All of these conditions on the token; empty: none. */
  when?: ClaimMatchArgs[];
}

/** A caller. */
export interface CallerArgs {
  /** Short for one entry of services. */
  service?: string;
  /** The identities of these services' workloads: name or namespace/name. */
  services?: string[];
  /** SPIFFE IDs without scheme: cluster.local/ns/shop/sa/web; * at either end. */
  principals?: string[];
  /** Namespaces of the callers. */
  namespaces?: string[];
  /** Addresses or CIDR blocks of the callers. */
  ipBlocks?: string[];
  /** issuer/subject of a valid token; * at either end. */
  requestPrincipals?: string[];
  /** What the caller must not be. */
  not?: NotCallerArgs;
}

/** What a caller must not be. */
export interface NotCallerArgs {
  /** None of these identities. */
  principals?: string[];
  /** None of these namespaces. */
  namespaces?: string[];
  /** None of these addresses. */
  ipBlocks?: string[];
}

/** An operation. */
export interface OperationArgs {
  /** HTTP methods. */
  methods?: string[];
  /** Paths, exact or with * at either end; for gRPC /package.Service/Method. */
  paths?: string[];
  /** The workload's own ports (targetPort). */
  ports?: number[];
  /** Hosts, exact or with * at either end. */
  hosts?: string[];
  /** What the request must not be. */
  not?: NotOperationArgs;
}

/** What a request must not be. */
export interface NotOperationArgs {
  /** None of these methods. */
  methods?: string[];
  /** None of these paths. */
  paths?: string[];
  /** None of these ports. */
  ports?: number[];
}

/** A condition on the token. */
export interface ClaimMatchArgs {
  /** Claim of the token; nested ones with dots. */
  claim: string;
  /** Any of these values. */
  values: string[];
  /** None of these values; default false. */
  negate?: boolean;
}

/** Which tokens count. */
export interface JwtPolicyArgs {
  /** Name of the policy. */
  name: string;
  /** Kubernetes namespace of the policy; default its target's. */
  namespace?: string;
  /** What it applies to; the whole namespace when left out. */
  target?: PolicyTargetArgs;
  /** Short for a target that is a selector. */
  selector?: Record<string, string>;
  /** The iss of tokens that count. */
  issuer: string;
  /** Any of these aud; empty: every audience. */
  audiences?: string[];
  /** Where the issuer's keys are; one of jwksUri and jwks. */
  jwksUri?: pulumi.Input<string>;
  /** The issuer's keys themselves, as JSON. */
  jwks?: string;
  /** Headers that may carry the token; default Authorization with Bearer. */
  fromHeaders?: TokenHeaderArgs[];
  /** The token is passed on to the service; default false. */
  forward?: boolean;
  /** Requests without a token are refused; default false: only bad tokens are. */
  required?: boolean;
}

/** A header that may carry a token. */
export interface TokenHeaderArgs {
  /** Header that carries the token. */
  name: string;
  /** What stands before the token. */
  prefix?: string;
}
