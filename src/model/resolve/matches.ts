import { DEFAULTS as D } from "../defaults";
import type { Match, PathMatch, ValueMatch } from "../model";
import { at } from "../path";
import type { GrpcMatchSpec, HttpMatchSpec, TlsRuleSpec } from "../schema";
import type { Context } from "./context";
import { checkRegex } from "./regex";

type PathSpec = NonNullable<HttpMatchSpec["path"]>;
type ValueSpec = NonNullable<HttpMatchSpec["headers"]>[number];
type SourceSpec = NonNullable<HttpMatchSpec["source"]>;
type TlsMatchSpec = TlsRuleSpec["matches"][number];

/** What an unwritten condition is. */
const every = (path: string): Match => ({ path, methods: [], headers: [], query: [], sni: [] });

export function httpMatch(spec: HttpMatchSpec, path: string, from: string, context: Context): Match {
  const uri = spec.path === undefined ? undefined : pathMatch(spec.path, at(path, "path"), context);
  const both = spec.method === undefined ? (spec.methods ?? []) : [spec.method, ...(spec.methods ?? [])];
  const match = {
    path,
    methods: both.length > 1 ? [...new Set(both)] : both,
    headers: values(spec.headers, path, "headers", context),
    query: values(spec.query, path, "query", context),
    sni: [],
  };
  if (spec.source === undefined) return uri === undefined ? match : { ...match, uri };
  const rest = source(spec.source, path, from, context);
  return uri === undefined ? { ...match, ...rest } : { ...match, uri, ...rest };
}

export function grpcMatch(spec: GrpcMatchSpec, path: string, from: string, context: Context): Match {
  const { service, method } = spec;
  return {
    ...every(path),
    headers: values(spec.headers, path, "headers", context),
    ...(service === undefined && method === undefined
      ? {}
      : { grpc: { ...(service === undefined ? {} : { service }), ...(method === undefined ? {} : { method }) } }),
    ...source(spec.source, path, from, context),
  };
}

export function tlsMatch(spec: TlsMatchSpec, path: string, from: string, context: Context): Match {
  const sni = spec.sni.map((name) => name.toLowerCase());
  return { ...every(path), sni, ...source(spec.source, path, from, context) };
}

function pathMatch(spec: PathSpec, path: string, context: Context): PathMatch | undefined {
  const kind = context.oneOf(spec, ["exact", "prefix", "regex"], path);
  if (kind === undefined) return undefined;
  const value = spec[kind] as string;
  if (kind === "regex") checkRegex(value, at(path, kind), context);
  return { kind, value: kind === "prefix" ? withoutSlash(value) : value, ignoreCase: spec.ignoreCase ?? D.ignoreCase };
}

/** A prefix ends on a segment boundary, so `/v1/` says what `/v1` says. */
const withoutSlash = (prefix: string): string => (prefix.length > 1 ? prefix.replace(/\/+$/, "") || "/" : prefix);

function values(
  specs: readonly ValueSpec[] | undefined,
  path: string,
  part: "headers" | "query",
  context: Context,
): ValueMatch[] {
  if (specs === undefined) return [];
  const list = at(path, part);
  const resolved: ValueMatch[] = [];
  for (const [index, spec] of specs.entries()) {
    const here = at(list, index);
    const kind = context.oneOf(spec, ["exact", "prefix", "suffix", "regex", "present"], here);
    if (kind === undefined) continue;
    if (kind === "regex") checkRegex(spec.regex as string, at(here, kind), context);
    const value = kind === "present" ? "" : (spec[kind] as string);
    // `present: false` is the negation of `present: true`.
    const negate = (spec.negate ?? D.negate) !== (kind === "present" && spec.present === false);
    resolved.push({ path: here, name: spec.name, kind, value, negate });
  }
  return resolved;
}

function source(
  spec: SourceSpec | undefined,
  path: string,
  from: string,
  context: Context,
): { source?: NonNullable<Match["source"]> } {
  if (spec === undefined) return {};
  const where = at(at(path, "source"), "service");
  const found = spec.service === undefined ? undefined : context.findOwn(spec.service, from, where);
  return {
    source: {
      ...(found === undefined ? {} : { service: { name: found.name, namespace: found.namespace } }),
      ...(spec.namespace === undefined ? {} : { namespace: spec.namespace }),
    },
  };
}
