import type { Finding } from "../../model/finding";
import type { Cors, Fault, Filters, HeaderChange, Labels, Rule } from "../../model/model";
import { formatDuration } from "../../model/units";
import { defined, unlessEmpty } from "../k8s-resource";
import type { Context } from "./context";
import { destination } from "./destinations";
import { finding } from "./findings";

type Fields = Readonly<Record<string, unknown>>;

/** What a rule does besides choosing where to go; rewrites and redirects depend on the match and stand apart. */
export const filterFields = (context: Context, filters: Filters): Fields =>
  defined({
    headers: unlessEmpty(
      defined({ request: headerChange(filters.requestHeaders), response: headerChange(filters.responseHeaders) }),
    ),
    corsPolicy: filters.cors && corsPolicy(filters.cors),
    mirrors:
      filters.mirrors.length === 0
        ? undefined
        : filters.mirrors.map((mirror) => ({
            destination: destination(context, mirror),
            percentage: { value: mirror.percent },
          })),
    fault: answers(filters) ? undefined : filters.fault && fault(filters.fault),
  });

const answers = (filters: Filters): boolean => filters.redirect !== undefined || filters.directResponse !== undefined;

/**
 * `%` begins a command of Envoy's (`%PROTOCOL%`), and istiod hands values on as they are: a lone one makes Envoy refuse
 * the routes of every service.
 */
const values = (headers: Labels): Labels | undefined =>
  unlessEmpty(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll("%", "%%")])));

const headerChange = (change: HeaderChange | undefined): Fields | undefined =>
  change &&
  unlessEmpty(
    defined({
      set: values(change.set),
      add: values(change.add),
      remove: change.remove.length > 0 ? change.remove : undefined,
    }),
  );

const list = (values: readonly string[]): readonly string[] | undefined => (values.length > 0 ? values : undefined);

const corsPolicy = (cors: Cors): Fields =>
  defined({
    allowOrigins: cors.allowOrigins.map(({ kind, value }) => ({ [kind]: value })),
    allowMethods: list(cors.allowMethods),
    allowHeaders: list(cors.allowHeaders),
    exposeHeaders: list(cors.exposeHeaders),
    maxAge: cors.maxAgeMs ? formatDuration(Math.ceil(cors.maxAgeMs / 1000) * 1000) : undefined,
    allowCredentials: cors.allowCredentials,
  });

const percentage = (value: number) => ({ percentage: { value } });

const fault = ({ delay, abort }: Fault): Fields =>
  defined({
    delay: delay && { fixedDelay: formatDuration(delay.durationMs), ...percentage(delay.percent) },
    abort: abort && {
      ...(abort.grpcStatus === undefined ? { httpStatus: abort.status } : { grpcStatus: abort.grpcStatus }),
      ...percentage(abort.percent),
    },
  });

const setsHost = (change: HeaderChange | undefined): boolean =>
  [...Object.keys(change?.set ?? {}), ...Object.keys(change?.add ?? {})].some((name) =>
    ["host", ":authority"].includes(name.toLowerCase()),
  );

/** Combinations that istiod's own validation refuses, and values it cannot hold. */
export function filterFindings({ filters }: Rule): Finding[] {
  const { cors, fault: faults, rewrite, requestHeaders } = filters;
  const found: Finding[] = [];
  if (faults !== undefined && answers(filters)) {
    const message = "Istio makes no faults where the proxy answers by itself";
    found.push(finding("MESH2107", faults.path, message, "Take the fault out, or let a service answer."));
  }
  if (rewrite?.host !== undefined && setsHost(requestHeaders)) {
    const message = "the Host header is set twice, by the rewrite and by requestHeaders";
    found.push(finding("MESH2107", rewrite.path, message, "Keep rewrite.host."));
  }
  if (rewrite?.regex?.substitution === "") {
    const message = "Istio cannot replace a part of the path by nothing";
    found.push(
      finding("MESH2107", `${rewrite.path}.regex.substitution`, message, "Match one more character and write it back."),
    );
  }
  if (cors?.maxAgeMs !== undefined && (cors.maxAgeMs === 0 || cors.maxAgeMs % 1000 !== 0)) {
    const instead = cors.maxAgeMs === 0 ? "0 becomes the browser's own choice" : "this becomes the next full second";
    found.push(
      finding(
        "MESH2112",
        `${cors.path}.maxAge`,
        `Istio counts whole seconds from 1: ${instead}`,
        "Write whole seconds.",
      ),
    );
  }
  return found;
}
