import { DEFAULTS as D } from "../defaults";
import type { Cors, Fault, Filters, HeaderChange, Mirror } from "../model";
import { at } from "../path";
import type { GrpcFiltersSpec, HttpFiltersSpec } from "../schema";
import { parseDuration, parsePercent } from "../units";
import { type Context, msOrNone } from "./context";
import { checkRegex } from "./regex";

type RewriteSpec = NonNullable<HttpFiltersSpec["rewrite"]>;
type RedirectSpec = NonNullable<HttpFiltersSpec["redirect"]>;
type HeaderSpec = NonNullable<NonNullable<HttpFiltersSpec["headers"]>["request"]>;
type CorsSpec = NonNullable<HttpFiltersSpec["cors"]>;
type MirrorSpec = NonNullable<HttpFiltersSpec["mirror"]>;
type FaultSpec = NonNullable<HttpFiltersSpec["fault"]>;

export function resolveFilters(
  spec: HttpFiltersSpec | GrpcFiltersSpec,
  path: string,
  from: string,
  context: Context,
): Filters {
  const { rewrite, redirect, directResponse, cors }: HttpFiltersSpec = spec;
  const { request, response } = spec.headers ?? {};
  const headers = at(path, "headers");
  const mirrors = [
    ...(spec.mirror === undefined ? [] : [[spec.mirror, at(path, "mirror")] as const]),
    ...(spec.mirrors ?? []).map((mirror, index) => [mirror, at(at(path, "mirrors"), index)] as const),
  ];
  return {
    ...(rewrite === undefined ? {} : { rewrite: resolveRewrite(rewrite, at(path, "rewrite"), context) }),
    ...(redirect === undefined ? {} : { redirect: resolveRedirect(redirect, at(path, "redirect"), context) }),
    ...(directResponse === undefined
      ? {}
      : {
          directResponse: {
            path: at(path, "directResponse"),
            status: directResponse.status,
            body: directResponse.body ?? D.directResponseBody,
          },
        }),
    ...(request === undefined ? {} : { requestHeaders: headerChange(request, at(headers, "request")) }),
    ...(response === undefined ? {} : { responseHeaders: headerChange(response, at(headers, "response")) }),
    ...(cors === undefined ? {} : { cors: resolveCors(cors, at(path, "cors"), context) }),
    mirrors: mirrors.flatMap(([mirror, here]) => resolveMirror(mirror, here, from, context)),
    ...(spec.fault === undefined ? {} : { fault: resolveFault(spec.fault, at(path, "fault"), context) }),
  };
}

function resolveRewrite(spec: RewriteSpec, path: string, context: Context): Filters["rewrite"] {
  context.oneOf(spec, ["prefix", "full", "regex"], path, spec.host === undefined ? "needed" : "none allowed");
  if (spec.regex !== undefined) checkRegex(spec.regex.pattern, at(at(path, "regex"), "pattern"), context);
  return { path, ...spec };
}

function resolveRedirect(spec: RedirectSpec, path: string, context: Context): Filters["redirect"] {
  const { full, prefix, code = D.redirectCode, ...rest } = spec;
  context.oneOf(spec, ["full", "prefix"], path, "none allowed");
  return {
    path,
    ...rest,
    ...(full === undefined ? {} : { pathFull: full }),
    ...(prefix === undefined ? {} : { pathPrefix: prefix }),
    code,
  };
}

const headerChange = (spec: HeaderSpec, path: string): HeaderChange => ({
  path,
  set: spec.set ?? {},
  add: spec.add ?? {},
  remove: spec.remove ?? [],
});

function resolveCors(spec: CorsSpec, path: string, context: Context): Cors {
  const maxAgeMs = msOrNone(spec.maxAge);
  return {
    path,
    allowOrigins: spec.allowOrigins.flatMap((origin, index) => {
      if (typeof origin === "string") return [{ kind: "exact" as const, value: origin }];
      const here = at(at(path, "allowOrigins"), index);
      const kind = context.oneOf(origin, ["exact", "prefix", "regex"], here);
      if (kind === undefined) return [];
      if (kind === "regex") checkRegex(origin.regex as string, at(here, kind), context);
      return [{ kind, value: origin[kind] as string }];
    }),
    allowMethods: spec.allowMethods ?? [],
    allowHeaders: spec.allowHeaders ?? [],
    exposeHeaders: spec.exposeHeaders ?? [],
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    allowCredentials: spec.allowCredentials ?? D.allowCredentials,
  };
}

function resolveMirror(spec: MirrorSpec, path: string, from: string, context: Context): Mirror[] {
  const found = context.find(spec.service, from, at(path, "service"));
  if (found === undefined) return [];
  const known = context.version(found, spec.version, path);
  const port = context.port(found, spec.port, path);
  if (port === undefined || !known) return [];
  return [
    {
      path,
      name: found.name,
      namespace: found.namespace,
      kind: found.kind === "external" ? "external" : "service",
      ...(spec.version === undefined ? {} : { version: spec.version }),
      port,
      percent: parsePercent(spec.percent ?? D.percent),
    },
  ];
}

function resolveFault({ delay, abort }: FaultSpec, path: string, context: Context): Fault {
  if (abort !== undefined) context.oneOf(abort, ["status", "grpcStatus"], at(path, "abort"));
  return {
    path,
    ...(delay === undefined
      ? {}
      : { delay: { durationMs: parseDuration(delay.duration), percent: parsePercent(delay.percent ?? D.percent) } }),
    ...(abort === undefined ? {} : { abort: { ...abort, percent: parsePercent(abort.percent ?? D.percent) } }),
  };
}
