/** Conditions on one HTTP request; all must hold. */
export interface HttpMatchArgs {
  /** Condition on the path; every path when left out. */
  path?: PathMatchArgs;
  /** The one method; every method when left out. */
  method?: string;
  /** Any of these methods. */
  methods?: string[];
  /** Conditions on headers. */
  headers?: ValueMatchArgs[];
  /** Conditions on query parameters. */
  query?: ValueMatchArgs[];
  /** Condition on the caller; every caller when left out. */
  source?: SourceMatchArgs;
}

/** Conditions on one gRPC call; all must hold. */
export interface GrpcMatchArgs {
  /** gRPC service with its package; every service when left out. */
  service?: string;
  /** gRPC method; every method when left out. */
  method?: string;
  /** Conditions on metadata. */
  headers?: ValueMatchArgs[];
  /** Condition on the caller; every caller when left out. */
  source?: SourceMatchArgs;
}

/** Conditions on one TLS connection; all must hold. */
export interface TlsMatchArgs {
  /** Any of these server names. */
  sni: string[];
  /** Condition on the caller; every caller when left out. */
  source?: SourceMatchArgs;
}

/** Condition on a path: exactly one of exact, prefix and regex. */
export interface PathMatchArgs {
  /** The whole path, without the query. */
  exact?: string;
  /** Whole segments from the start: /v1 takes /v1 and /v1/x, not /v10. */
  prefix?: string;
  /** RE2 over the whole path. */
  regex?: string;
  /** Capitals make no difference; default false. */
  ignoreCase?: boolean;
}

/** Condition on a header or query parameter: exactly one of exact, prefix, suffix, regex and present. */
export interface ValueMatchArgs {
  /** Name of the header or parameter. */
  name: string;
  /** The whole value. */
  exact?: string;
  /** How the value starts. */
  prefix?: string;
  /** How the value ends. */
  suffix?: string;
  /** RE2 over the whole value. */
  regex?: string;
  /** true: it is there, whatever its value; false: it is not there. */
  present?: boolean;
  /** Turns the condition round; default false. */
  negate?: boolean;
}

/** Condition on the caller. */
export interface SourceMatchArgs {
  /** Only calls from this service's workloads: name or namespace/name. */
  service?: string;
  /** Only calls from this namespace. */
  namespace?: string;
}
