/** Envoy's TLS messages to the plain settings of tls/, and the contexts that live on from one configuration to the next. */
import { createHash } from "node:crypto";
import type { DownstreamTls, UpstreamTls } from "../core/security";
import { RegexTest, stringTest, type StringTest } from "../routing/matchers";
import { DownstreamContext } from "../tls/downstream";
import type {
  DownstreamSettings,
  KeyPairSource,
  PeerValidation,
  PemSource,
  SanTest,
  TlsSettings,
  UpstreamSettings,
} from "../tls/settings";
import { UpstreamContext } from "../tls/upstream";
import type { SecretIo } from "../tls/watched";
import type {
  CertificateValidationContext,
  CommonTlsContext,
  DataSource,
  DownstreamTlsContext,
  SdsSecretConfig,
  Secret,
  StringMatcher,
  TlsCertificate,
  UpstreamTlsContext,
} from "./messages";

const versions = {
  TLS_AUTO: undefined,
  TLSv1_0: "TLSv1",
  TLSv1_1: "TLSv1.1",
  TLSv1_2: "TLSv1.2",
  TLSv1_3: "TLSv1.3",
} as const;

/**
 * Gives a TLS context for each configuration, the same one for equal settings, so that a reload keeps connections and
 * watches each file once. Errors thrown are for users.
 */
export class TlsContexts {
  private kept = new Map<string, DownstreamContext | UpstreamContext>();
  private round = new Map<string, DownstreamContext | UpstreamContext>();

  constructor(private readonly io: SecretIo) {}

  /** Starts compiling a configuration; `endRound` says whether it came into force. */
  beginRound(): void {
    this.round = new Map();
  }

  /** Lets go of what the configuration in force does not use. */
  endRound(inForce: boolean): void {
    const keep = inForce ? this.round : this.kept;
    for (const [key, context] of [...this.kept, ...this.round]) if (keep.get(key) !== context) context.close();
    this.kept = new Map(keep);
    this.round = new Map();
  }

  downstream(context: DownstreamTlsContext, secrets: readonly Secret[], handshakeTimeoutMs: number): DownstreamTls {
    const settings = downstreamSettings(context, secrets, handshakeTimeoutMs);
    return this.one(`downstream ${settings.key}`, () => new DownstreamContext(settings, this.io));
  }

  upstream(context: UpstreamTlsContext, secrets: readonly Secret[]): UpstreamTls {
    const settings = upstreamSettings(context, secrets);
    return this.one(`upstream ${settings.key}`, () => new UpstreamContext(settings, this.io));
  }

  close(): void {
    this.beginRound();
    this.endRound(true);
  }

  private one<T extends DownstreamContext | UpstreamContext>(key: string, make: () => T): T {
    // The key begins with the side, so equal keys are of one class.
    const context = (this.round.get(key) ?? this.kept.get(key) ?? make()) as T;
    this.round.set(key, context);
    return context;
  }
}

function downstreamSettings(
  context: DownstreamTlsContext,
  secrets: readonly Secret[],
  handshakeTimeoutMs: number,
): DownstreamSettings {
  const { common, keyPair, validation } = commonSettings(context.common_tls_context, secrets);
  const required = context.require_client_certificate === true;
  if (!keyPair) throw new Error("tls_certificates: a server needs a certificate and its key");
  if (required && !validation)
    throw new Error(
      "require_client_certificate without a validation_context would accept any certificate; say whom to trust",
    );
  return {
    ...common,
    key: keyOf(context, secrets, handshakeTimeoutMs),
    keyPair,
    validation,
    requireClientCertificate: required,
    handshakeTimeoutMs,
  };
}

function upstreamSettings(context: UpstreamTlsContext, secrets: readonly Secret[]): UpstreamSettings {
  const { common, keyPair, validation } = commonSettings(context.common_tls_context, secrets);
  if (!validation) throw new Error("validation_context: without it any server would be believed; say whom to trust");
  return { ...common, key: keyOf(context, secrets, 0), keyPair, validation, sni: context.sni };
}

function commonSettings(tls: CommonTlsContext | undefined, secrets: readonly Secret[]) {
  const params = tls?.tls_params;
  const certificates = [...(tls?.tls_certificates ?? [])];
  for (const config of tls?.tls_certificate_sds_secret_configs ?? [])
    certificates.push(secret(config, secrets).tls_certificate ?? missing(config, "tls_certificate"));
  if (certificates.length > 1)
    throw new Error("tls_certificates: more than one certificate is not served by this version");
  const common: Omit<TlsSettings, "key"> = {
    alpn: tls?.alpn_protocols ?? [],
    cipherSuites: params?.cipher_suites ?? [],
    minVersion: versions[params?.tls_minimum_protocol_version ?? "TLS_AUTO"],
    maxVersion: versions[params?.tls_maximum_protocol_version ?? "TLS_AUTO"],
  };
  return { common, keyPair: certificates[0] && keyPairOf(certificates[0]), validation: validationOf(tls, secrets) };
}

function keyPairOf(certificate: TlsCertificate): KeyPairSource {
  const { certificate_chain: chain, private_key: key, watched_directory: watched } = certificate;
  if (!chain || !key) throw new Error("tls_certificates: certificate_chain and private_key must both be set");
  return { certificate: pem(chain), privateKey: pem(key), watchedDirectory: watched?.path };
}

/** The context itself, or the default merged with the secret's, as Envoy merges them. */
function validationOf(tls: CommonTlsContext | undefined, secrets: readonly Secret[]): PeerValidation | undefined {
  const combined = tls?.combined_validation_context;
  const own = tls?.validation_context ?? combined?.default_validation_context;
  const config = combined?.validation_context_sds_secret_config;
  const shared = config && (secret(config, secrets).validation_context ?? missing(config, "validation_context"));
  const roots = (shared?.custom_validator_config ?? shared?.trusted_ca) ? shared : own;
  const trustDomains = roots?.custom_validator_config?.typed_config?.trust_domains;
  if (!trustDomains && !roots?.trusted_ca) return undefined;
  const sans = [own, shared].flatMap((context) => context?.match_typed_subject_alt_names ?? []).map(sanTest);
  return {
    trustDomains: trustDomains?.map(({ name, trust_bundle: bundle }) => {
      if (!bundle) throw new Error(`trust domain ${name} has no trust_bundle`);
      return { name, bundle: pem(bundle) };
    }),
    trustedCa: roots?.trusted_ca && pem(roots.trusted_ca),
    sans,
  };
}

function sanTest({
  san_type: type,
  matcher,
}: CertificateValidationContext["match_typed_subject_alt_names"][number]): SanTest {
  if (type === "SAN_TYPE_UNSPECIFIED" || type === "OTHER_NAME")
    throw new Error(`match_typed_subject_alt_names: san_type ${type} is not served by this version`);
  const test = tester(matcher);
  return { type, test: (value) => test.test(value) };
}

function tester(matcher: StringMatcher): StringTest {
  const ignoreCase = matcher.ignore_case;
  if (matcher.exact !== undefined) return stringTest({ exact: matcher.exact, ignoreCase });
  if (matcher.prefix !== undefined) return stringTest({ prefix: matcher.prefix, ignoreCase });
  if (matcher.suffix !== undefined) return stringTest({ suffix: matcher.suffix, ignoreCase });
  if (matcher.contains !== undefined) return stringTest({ contains: matcher.contains, ignoreCase });
  return new RegexTest(matcher.safe_regex?.regex ?? "");
}

/** A secret by name: those of static_resources. */
function secret(config: SdsSecretConfig, secrets: readonly Secret[]): Secret {
  if (config.sds_config)
    throw new Error(`secret ${config.name}: sds_config is not served by this version of the bundled data plane`);
  const found = secrets.find((s) => s.name === config.name);
  if (!found) throw new Error(`secret ${config.name} is not in static_resources.secrets`);
  return found;
}

function missing(config: SdsSecretConfig, what: string): never {
  throw new Error(`secret ${config.name} is no ${what}`);
}

function pem(source: DataSource): PemSource {
  return source.filename !== undefined ? { filename: source.filename } : { inline: source.inline_string ?? "" };
}

/** The same messages, secrets named by them included, give the same key; what is in the files does not change it. */
function keyOf(
  context: DownstreamTlsContext | UpstreamTlsContext,
  secrets: readonly Secret[],
  timeout: number,
): string {
  const names = new Set((context.common_tls_context?.tls_certificate_sds_secret_configs ?? []).map((c) => c.name));
  const combined = context.common_tls_context?.combined_validation_context?.validation_context_sds_secret_config?.name;
  const used = secrets.filter((s) => names.has(s.name) || s.name === combined);
  return createHash("sha256")
    .update(JSON.stringify([context, used, timeout]))
    .digest("hex")
    .slice(0, 32);
}
