import type { UrlScheme } from "./enums";

/** Changes of an HTTP request on its way. */
export interface HttpFiltersArgs {
  /** Changes path or host on the way to the service; nothing when left out. */
  rewrite?: RewriteArgs;
  /** Answers with a redirect, so no backends. */
  redirect?: RedirectArgs;
  /** Answers at once, so no backends. */
  directResponse?: DirectResponseArgs;
  /** Which web pages may call; left to the service when left out. */
  cors?: CorsArgs;
  /** Headers changed either way; none when left out. */
  headers?: HeaderFiltersArgs;
  /** Copies of requests, answers thrown away. */
  mirrors?: MirrorArgs[];
  /** Faults made on purpose; none when left out. */
  fault?: FaultArgs;
}

/** Changes of a gRPC call on its way. */
export interface GrpcFiltersArgs {
  /** Metadata changed either way; none when left out. */
  headers?: HeaderFiltersArgs;
  /** Copies of calls, answers thrown away. */
  mirrors?: MirrorArgs[];
  /** Faults made on purpose; none when left out. */
  fault?: FaultArgs;
}

/** Changes path or host: at most one of prefix, full and regex. */
export interface RewriteArgs {
  /** Replaces the prefix that matched. */
  prefix?: string;
  /** Replaces the whole path. */
  full?: string;
  /** Replaces by pattern. */
  regex?: RegexRewriteArgs;
  /** Replaces the Host header; kept when left out. */
  host?: string;
}

/** Replaces by pattern. */
export interface RegexRewriteArgs {
  /** RE2; every part of the path that matches is replaced. */
  pattern: string;
  /** What stands there instead; \1 is the first group. */
  substitution: string;
}

/** Answers with a redirect: at most one of full and prefix. */
export interface RedirectArgs {
  /** Scheme to go to; the request's own when left out. */
  scheme?: UrlScheme;
  /** Host to go to; the request's own when left out. */
  host?: string;
  /** Port to go to; the scheme's own when left out. */
  port?: number;
  /** Path to go to; the request's own when left out. */
  full?: string;
  /** Replaces the prefix that matched. */
  prefix?: string;
  /** Status of the answer: 301, 302, 303, 307 or 308. */
  code?: number;
}

/** An answer without a service. */
export interface DirectResponseArgs {
  /** Status of the answer. */
  status: number;
  /** Body of the answer; empty: none. */
  body?: string;
}

/** Headers changed either way. */
export interface HeaderFiltersArgs {
  /** Changes on the way to the service. */
  request?: HeaderChangeArgs;
  /** Changes on the way back. */
  response?: HeaderChangeArgs;
}

/** Headers set, added and removed. */
export interface HeaderChangeArgs {
  /** Headers set, replacing what is there. */
  set?: Record<string, string>;
  /** Headers added to what is there. */
  add?: Record<string, string>;
  /** Headers taken out. */
  remove?: string[];
}

/** Which web pages may call. */
export interface CorsArgs {
  /** Origins that may call. */
  allowOrigins: OriginArgs[];
  /** Methods that they may use. */
  allowMethods?: string[];
  /** Request headers that they may send. */
  allowHeaders?: string[];
  /** Response headers that they may read. */
  exposeHeaders?: string[];
  /** How long a browser keeps the answer; 0s: not at all; its own choice when left out. */
  maxAge?: string;
  /** Cookies and the like may be sent; default false. */
  allowCredentials?: boolean;
}

/** An origin: exactly one of exact, prefix and regex. */
export interface OriginArgs {
  /** This origin, as https://shop.example; * means every one. */
  exact?: string;
  /** Origins that start so. */
  prefix?: string;
  /** RE2 over the whole origin. */
  regex?: string;
}

/** Copies of requests. */
export interface MirrorArgs {
  /** Service that gets the copies: name or namespace/name. */
  service: string;
  /** Version that gets them; any when left out. */
  version?: string;
  /** Port of that service; default its only port. */
  port?: number;
  /** Share of requests copied, in percent; 0: none; default 100. */
  percent?: number;
}

/** Faults made on purpose. */
export interface FaultArgs {
  /** Requests wait before they go on; none when left out. */
  delay?: FaultDelayArgs;
  /** Requests are answered with an error; none when left out. */
  abort?: FaultAbortArgs;
}

/** Requests wait before they go on. */
export interface FaultDelayArgs {
  /** Time each request waits. */
  duration: string;
  /** Share of requests that wait, in percent; 0: none; default 100. */
  percent?: number;
}

/** Requests are answered with an error: exactly one of status and grpcStatus. */
export interface FaultAbortArgs {
  /** HTTP status of the answer. */
  status?: number;
  /** gRPC status in capitals: UNAVAILABLE. */
  grpcStatus?: string;
  /** Share of requests refused, in percent; 0: none; default 100. */
  percent?: number;
}
