import type { Finding } from "../../model/finding";
import { podLabelsOf, serviceOf } from "../../model/lookup";
import type { Match, Model, PathMatch, Route, Rule, ValueMatch } from "../../model/model";
import { defined, unlessEmpty } from "../k8s-resource";
import { finding } from "./findings";

type Fields = Readonly<Record<string, unknown>>;

/** Every RE2 special character taken literally. */
export const literal = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");

/** A gRPC call by its content type, which tells it from any other request on the same port. */
const GRPC_CONTENT: Fields = { regex: "application/grpc(\\+.+)?" };

/**
 * One way a request's path can match. The model's prefix ends on a segment boundary and Istio's does not, so `/v1` is
 * two: the path itself, and everything below it.
 */
export interface PathForm {
  readonly kind: "any" | "exact" | "prefix" | "regex";
  /** Of a prefix: with the slash at its end. */
  readonly value: string;
  readonly ignoreCase: boolean;
}

export function pathForms(match: Match, kind: Route["kind"]): readonly PathForm[] {
  if (kind === "grpc") return [grpcPath(match.grpc ?? {})];
  const { uri } = match;
  if (uri === undefined) return [{ kind: "any", value: "/", ignoreCase: false }];
  if (uri.kind !== "prefix") return [form(uri, uri.kind, uri.value)];
  if (uri.value === "/") return [form(uri, "prefix", "/")];
  return [form(uri, "exact", uri.value), form(uri, "prefix", `${uri.value}/`)];
}

const form = (uri: PathMatch, kind: PathForm["kind"], value: string): PathForm => ({
  kind,
  value,
  ignoreCase: uri.ignoreCase,
});

/** gRPC's paths are `/package.Service/Method`. */
function grpcPath({ service, method }: NonNullable<Match["grpc"]>): PathForm {
  const of = (kind: PathForm["kind"], value: string): PathForm => ({ kind, value, ignoreCase: false });
  if (service !== undefined && method !== undefined) return of("exact", `/${service}/${method}`);
  if (service !== undefined) return of("prefix", `/${service}/`);
  if (method !== undefined) return of("regex", `/[^/]+/${literal(method)}`);
  return of("any", "/");
}

/** Istio ignores case in exact and prefix paths only; RE2 has a word for the rest. */
function uriFields({ kind, value, ignoreCase }: PathForm): Fields {
  if (kind === "any") return {};
  if (kind === "regex") return { uri: { regex: ignoreCase ? `(?i)${value}` : value } };
  return { uri: { [kind]: value }, ...(ignoreCase ? { ignoreUriCase: true } : {}) };
}

/** `{}` asks for presence. */
function stringMatch({ kind, value }: ValueMatch): Fields {
  switch (kind) {
    case "present":
      return {};
    case "suffix":
      return { regex: `.*${literal(value)}` };
    default:
      return { [kind]: value };
  }
}

const byName = (values: readonly ValueMatch[]): Fields | undefined =>
  unlessEmpty(Object.fromEntries(values.map((value) => [value.name, stringMatch(value)])));
const lowered = (values: readonly ValueMatch[]): readonly ValueMatch[] =>
  values.map((value) => ({ ...value, name: value.name.toLowerCase() }));

const method = (methods: readonly string[]): Fields | undefined => {
  if (methods.length === 0) return undefined;
  return methods.length === 1 ? { exact: methods[0] } : { regex: methods.map(literal).join("|") };
};

/** Callers are known by their pods' labels and namespace, which every sidecar knows of itself. */
export function sourceFields(model: Model, source: Match["source"]): Fields {
  if (source === undefined) return {};
  const service = source.service === undefined ? undefined : serviceOf(model, source.service);
  return defined({
    sourceLabels: service && podLabelsOf(service),
    sourceNamespace: source.namespace ?? source.service?.namespace,
  });
}

/** One HTTPMatchRequest; undefined for a match that takes every request. */
export function httpMatch(model: Model, match: Match, kind: Route["kind"], path: PathForm): Fields | undefined {
  const headers = lowered(match.headers);
  const wanted = byName(headers.filter((header) => !header.negate));
  const grpc = kind === "grpc" ? { "content-type": GRPC_CONTENT } : {};
  return unlessEmpty(
    defined({
      ...uriFields(path),
      method: method(match.methods),
      headers: unlessEmpty({ ...grpc, ...wanted }),
      withoutHeaders: byName(headers.filter((header) => header.negate)),
      queryParams: byName(match.query),
      ...sourceFields(model, match.source),
    }),
  );
}

/** A rule without matches takes everything. */
export const matchesOf = (rule: Rule): readonly Match[] =>
  rule.matches.length > 0 ? rule.matches : [{ path: rule.path, methods: [], headers: [], query: [], sni: [] }];

/** Istio keeps conditions in a map by name: one for each, and none negated on query parameters. */
function repeated(values: readonly ValueMatch[]): ValueMatch | undefined {
  const seen = new Set<string>();
  return values.find(({ name, negate }) => {
    const key = `${name} ${negate}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

/** Whether Istio can write it. A match it cannot write is left out: it must not become one that takes more. */
export const writable = (match: Match): boolean =>
  repeated(lowered(match.headers)) === undefined &&
  repeated(match.query) === undefined &&
  match.query.every((query) => !query.negate);

/** What the capability table does not know of: it looks at features one by one. */
export function matchFindings(match: Match): Finding[] {
  const twice = repeated(lowered(match.headers)) ?? repeated(match.query);
  if (twice === undefined) return [];
  const message = `Istio holds one condition for each name, and ${twice.name} has several`;
  return [finding("MESH2102", twice.path, message, "Write them as one regular expression, or as two matches.")];
}
