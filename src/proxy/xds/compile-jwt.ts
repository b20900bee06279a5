/** Envoy's JwtAuthentication to providers, requirements and rules. */
import { KeySet } from "../authz/jwt/keys";
import { defaultLocations, type Locations } from "../authz/jwt/locations";
import { Provider, type KeySource } from "../authz/jwt/provider";
import { RemoteKeys } from "../authz/jwt/remote-keys";
import {
  AllRequirements,
  AnyRequirement,
  nothingRequired,
  OfProvider,
  Optional,
  type Requirement,
} from "../authz/jwt/requirement";
import type { JwtRule } from "../filters/jwt";
import type { CompileContext } from "./compile-context";
import { compileConditions, compilePath } from "./compile-match";
import { dataSource } from "./data-source";
import type { JwtAuthentication, JwtProvider, JwtRequirement, RemoteJwks } from "./messages";

/** Envoy's defaults. */
const clockSkewSeconds = 60;
const cacheMs = 600_000;

export interface CompiledJwt {
  readonly rules: readonly JwtRule[];
  /** Requirements that routes may ask for by name. */
  readonly named: ReadonlyMap<string, Requirement>;
}

export function compileJwt(config: JwtAuthentication, path: string, context: CompileContext): CompiledJwt {
  const providers = new Map(
    [...config.providers].map(([name, provider]) => [
      name,
      compileProvider(name, provider, `${path}.providers[${JSON.stringify(name)}]`, context),
    ]),
  );
  const named = new Map(
    [...config.requirement_map].map(([name, requirement]) => [
      name,
      compileRequirement(requirement, providers, `${path}.requirement_map[${JSON.stringify(name)}]`, context),
    ]),
  );
  const rules = config.rules.map((rule, i): JwtRule | undefined => {
    const at = `${path}.rules[${i}]`;
    const test = compilePath(rule.match, `${at}.match`, context);
    const conditions = compileConditions(rule.match, `${at}.match`, context);
    let requirement: Requirement | undefined;
    if (rule.requires !== undefined)
      requirement = compileRequirement(rule.requires, providers, `${at}.requires`, context);
    else if (rule.requirement_name !== undefined) {
      requirement = named.get(rule.requirement_name);
      if (requirement === undefined)
        context.error(`${at}.requirement_name`, `'${rule.requirement_name}' is not in requirement_map`);
    }
    return test && { path: test, conditions, requirement };
  });
  return { rules: rules.filter((r) => r !== undefined), named };
}

function compileProvider(name: string, provider: JwtProvider, path: string, context: CompileContext): Provider {
  return new Provider({
    name,
    issuer: provider.issuer,
    audiences: provider.audiences,
    locations: locations(provider),
    forward: provider.forward,
    payloadHeader: provider.forward_payload_header.toLowerCase(),
    metadataKey: provider.payload_in_metadata,
    claimHeaders: provider.claim_to_headers.map((c) => ({
      header: c.header_name.toLowerCase(),
      claim: c.claim_name,
    })),
    clockSkewSeconds: provider.clock_skew_seconds > 0 ? provider.clock_skew_seconds : clockSkewSeconds,
    requireExpiration: provider.require_expiration,
    keys: keySource(provider, path, context),
  });
}

function locations(provider: JwtProvider): Locations {
  const { from_headers: headers, from_params: params, from_cookies: cookies } = provider;
  if (headers.length + params.length + cookies.length === 0) return defaultLocations;
  return {
    headers: headers.map((h) => ({ name: h.name.toLowerCase(), prefix: h.value_prefix })),
    params,
    cookies,
  };
}

function keySource(provider: JwtProvider, path: string, context: CompileContext): KeySource {
  if (provider.remote_jwks !== undefined) return remoteKeys(provider.remote_jwks, `${path}.remote_jwks`, context);
  const source = provider.local_jwks;
  if (source === undefined) {
    context.error(path, "has no keys: one of remote_jwks or local_jwks");
    return { keys: () => undefined };
  }
  // As in Envoy a set without keys is no error here: its tokens fail.
  const keys = KeySet.parse(dataSource(source, `${path}.local_jwks`, context));
  return { keys: () => keys };
}

function remoteKeys(remote: RemoteJwks, path: string, context: CompileContext): KeySource {
  const { uri, cluster = "", timeout } = remote.http_uri;
  if (!context.clusters.has(cluster)) context.error(`${path}.http_uri.cluster`, `unknown cluster '${cluster}'`);
  const parts = /^[a-z]+:\/\/([^/?#]+)([^#]*)/i.exec(uri);
  if (parts === null) context.error(`${path}.http_uri.uri`, `'${uri}' is no absolute address`);
  const [, authority = "", rest = ""] = parts ?? [];
  const target = { cluster, authority, path: rest.startsWith("/") ? rest : `/${rest}`, timeoutMs: timeout };
  return new RemoteKeys(target, remote.cache_duration ?? cacheMs, remote.retry_policy?.num_retries ?? 0);
}

type Providers = ReadonlyMap<string, Provider>;

function compileRequirement(
  message: JwtRequirement,
  providers: Providers,
  path: string,
  context: CompileContext,
  siblings: readonly Provider[] = [],
): Requirement {
  if (message.provider_name !== undefined) {
    const provider = providers.get(message.provider_name);
    if (provider !== undefined) return new OfProvider(provider);
    context.error(`${path}.provider_name`, `Required provider ['${message.provider_name}'] is not configured.`);
    return nothingRequired;
  }
  if (message.requires_any !== undefined)
    return anyOf(message.requires_any.requirements, providers, `${path}.requires_any.requirements`, context);
  if (message.requires_all !== undefined)
    return new AllRequirements(
      message.requires_all.requirements.map((part, i) =>
        compileRequirement(part, providers, `${path}.requires_all.requirements[${i}]`, context),
      ),
    );
  const judged = siblings.length > 0 ? siblings : [...providers.values()];
  if (message.allow_missing_or_failed !== undefined) return new Optional(judged, true);
  return message.allow_missing !== undefined ? new Optional(judged, false) : nothingRequired;
}

/** Whatever its place, leave to come without a token is asked last; the wider leave replaces the narrower. */
function anyOf(
  messages: readonly JwtRequirement[],
  providers: Providers,
  path: string,
  context: CompileContext,
): Requirement {
  const regular = messages.filter((m) => m.allow_missing === undefined && m.allow_missing_or_failed === undefined);
  const leave = messages.find((m) => m.allow_missing_or_failed !== undefined) ?? messages.find((m) => m.allow_missing);
  const used = regular.flatMap((m) => providers.get(m.provider_name ?? "") ?? []);
  const parts = regular.map((m) => compileRequirement(m, providers, `${path}[${messages.indexOf(m)}]`, context, used));
  if (leave !== undefined)
    parts.push(compileRequirement(leave, providers, `${path}[${messages.indexOf(leave)}]`, context, used));
  return new AnyRequirement(parts);
}
