import type { Filters, HeaderChange, RetryCondition, Rule } from "../../model/model";
import type { Reference } from "../../plan/plan";
import { percentage, seconds } from "./units";

type Fields = Readonly<Record<string, unknown>>;
export interface Destination {
  readonly serviceName: Reference;
  readonly weight: number;
}

const conditions: Partial<Record<RetryCondition, string>> = {
  "5xx": "5xx",
  "gateway-error": "gateway-error",
  reset: "reset",
  "connect-failure": "connect-failure",
  "retriable-4xx": "retriable-4xx",
  "refused-stream": "refused-stream",
  cancelled: "cancelled",
  "deadline-exceeded": "deadline-exceeded",
  "resource-exhausted": "resource-exhausted",
  unavailable: "unavailable",
};

const codes: Readonly<Record<number, string>> = {
  301: "MOVED_PERMANENTLY_DEFAULT",
  302: "FOUND",
  303: "SEE_OTHER",
  307: "TEMPORARY_REDIRECT",
  308: "PERMANENT_REDIRECT",
};

/** Where what a match took of the path is replaced: a prefix that ends in a slash is replaced by one that does. */
type Replace = (replacement: string) => string;
const withSlash: Replace = (text) => `${text.replace(/\/+$/, "")}/`;
const withoutSlash: Replace = (text) => text.replace(/\/+$/, "") || "/";
export const replaceFor = (match: Fields): Replace => ("prefixMatch" in match ? withSlash : withoutSlash);
export const replacesPrefix = ({ filters }: Rule): boolean =>
  filters.rewrite?.prefix !== undefined || filters.redirect?.pathPrefix !== undefined;

/** What an HTTP rule does. A redirect has no destination; weights are written for all of them or for none. */
export function httpAction(
  rule: Rule,
  destinations: readonly Destination[],
  mirror: Reference | undefined,
  replace: Replace,
): Fields {
  const { filters } = rule;
  return {
    ...(filters.redirect === undefined ? { destinations } : redirect(filters.redirect, replace)),
    ...(rule.timeoutMs > 0 && filters.redirect === undefined && { timeout: seconds(rule.timeoutMs) }),
    ...retryPolicy(rule, true),
    ...fault(filters),
    ...rewrite(filters, replace),
    ...headers("requestHeaderModifier", filters.requestHeaders),
    ...headers("responseHeaderModifier", filters.responseHeaders),
    ...(mirror !== undefined && { requestMirrorPolicy: { destination: { serviceName: mirror } } }),
    ...cors(filters),
  };
}

export const grpcAction = (rule: Rule, destinations: readonly Destination[]): Fields => ({
  destinations,
  ...(rule.timeoutMs > 0 && { timeout: seconds(rule.timeoutMs) }),
  ...retryPolicy(rule, false),
  ...fault(rule.filters),
});

function retryPolicy({ retries }: Rule, perTry: boolean): Fields {
  const retryConditions = retries.on.flatMap((condition) => conditions[condition] ?? []);
  if (retries.attempts === 0 || retryConditions.length === 0) return {};
  return {
    retryPolicy: {
      numRetries: retries.attempts,
      retryConditions,
      ...(perTry && retries.perTryTimeoutMs > 0 && { perTryTimeout: seconds(retries.perTryTimeoutMs) }),
    },
  };
}

function fault({ fault: wanted }: Filters): Fields {
  if (wanted === undefined) return {};
  const { delay, abort } = wanted;
  return {
    faultInjectionPolicy: {
      ...(delay !== undefined && {
        delay: { fixedDelay: seconds(delay.durationMs), percentage: percentage(delay.percent) },
      }),
      ...(abort?.status !== undefined && {
        abort: { httpStatus: abort.status, percentage: percentage(abort.percent) },
      }),
    },
  };
}

function rewrite({ rewrite: wanted }: Filters, replace: Replace): Fields {
  if (wanted === undefined || (wanted.prefix === undefined && wanted.host === undefined)) return {};
  return {
    urlRewrite: {
      ...(wanted.prefix !== undefined && { pathPrefixRewrite: replace(wanted.prefix) }),
      ...(wanted.host !== undefined && { hostRewrite: wanted.host }),
    },
  };
}

function redirect(wanted: NonNullable<Filters["redirect"]>, replace: Replace): Fields {
  return {
    redirect: {
      ...(wanted.host !== undefined && { hostRedirect: wanted.host }),
      ...(wanted.port !== undefined && { portRedirect: wanted.port }),
      ...(wanted.pathFull !== undefined && { pathRedirect: wanted.pathFull }),
      ...(wanted.pathPrefix !== undefined && { prefixRewrite: replace(wanted.pathPrefix) }),
      ...(wanted.scheme === "https" && { httpsRedirect: true }),
      responseCode: codes[wanted.code] ?? "FOUND",
      stripQuery: false,
    },
  };
}

function headers(key: string, change: HeaderChange | undefined): Fields {
  if (change === undefined) return {};
  return {
    [key]: {
      ...(Object.keys(change.set).length > 0 && { set: change.set }),
      ...(Object.keys(change.add).length > 0 && { add: change.add }),
      ...(change.remove.length > 0 && { removes: change.remove }),
    },
  };
}

function cors({ cors: wanted }: Filters): Fields {
  if (wanted === undefined) return {};
  const exact = wanted.allowOrigins.filter(({ kind }) => kind === "exact").map(({ value }) => value);
  const regexes = wanted.allowOrigins.flatMap(({ kind, value }) =>
    kind === "regex" ? [value] : kind === "prefix" ? [`${value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}.*`] : [],
  );
  return {
    corsPolicy: {
      ...(exact.length > 0 && { allowOrigins: exact }),
      ...(regexes.length > 0 && { allowOriginRegexes: regexes }),
      ...(wanted.allowMethods.length > 0 && { allowMethods: wanted.allowMethods }),
      ...(wanted.allowHeaders.length > 0 && { allowHeaders: wanted.allowHeaders }),
      ...(wanted.exposeHeaders.length > 0 && { exposeHeaders: wanted.exposeHeaders }),
      ...(wanted.maxAgeMs !== undefined && { maxAge: String(Math.round(wanted.maxAgeMs / 1000)) }),
      allowCredentials: wanted.allowCredentials,
      disabled: false,
    },
  };
}
