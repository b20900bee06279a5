/**
 * The resolved model: what every check, renderer and estimate reads.
 *
 * Resolved means: defaults are filled in (src/model/defaults.ts), durations are milliseconds, percentages are
 * numbers from 0 to 100, byte sizes are bytes, and every reference carries its namespace. Nothing here is optional
 * for lack of a default; an optional field means "not asked for".
 *
 * `path` is where the user wrote it, relative to `spec` (`routes[0].http[1]`): findings point there.
 */
import type { Labels, MtlsMode, TlsVersion, BackendName } from "./types/common";
import type { ExternalService, Gateway } from "./types/edge";
import type { Policies } from "./types/policy";
import type { Route } from "./types/route";
import type { Service } from "./types/service";
import type { Telemetry } from "./types/telemetry";

export * from "./types/common";
export * from "./types/service";
export * from "./types/traffic";
export * from "./types/edge";
export * from "./types/route";
export * from "./types/policy";
export * from "./types/telemetry";

export interface Model {
  readonly apiVersion: "meshup/v1";
  readonly name: string;
  /** The default for what names no namespace. */
  readonly namespace: string;
  /** SPIFFE trust domain, e.g. `cluster.local`. */
  readonly trustDomain: string;
  readonly mtls: { readonly mode: MtlsMode; readonly minVersion: TlsVersion };
  /** Every namespace that anything names, in order of first mention. */
  readonly namespaces: readonly Namespace[];
  readonly backends: Readonly<Partial<Record<BackendName, BackendSettings>>>;
  readonly services: readonly Service[];
  readonly externalServices: readonly ExternalService[];
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  readonly egress: { readonly mode: "REGISTRY_ONLY" | "ALLOW_ANY" };
  readonly policies: Policies;
  readonly telemetry: Telemetry;
  /** What the user wrote, as one document. `wrote(model, path)` asks whether a field was written or defaulted. */
  readonly source: unknown;
}

export interface Namespace {
  readonly path: string;
  readonly name: string;
  /** Render the Namespace itself. Default: true for the mesh's own namespace, false for others not listed. */
  readonly create: boolean;
  /** Sidecars are injected. Default true. */
  readonly inject: boolean;
  readonly labels: Labels;
}

export interface Accepted {
  readonly feature: string;
  readonly reason: string;
}
/** `spec.backends.NAME`: the accept list and whatever flat settings that backend needs (leaves may be Inputs). */
export interface BackendSettings {
  readonly accept: readonly Accepted[];
  readonly install: "none" | "helm";
  readonly version?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}
