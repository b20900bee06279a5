import { DEFAULTS as D } from "../defaults";
import { type Finding, hasErrors } from "../finding";
import type { Model } from "../model";
import { API_VERSION, type MeshDocument } from "../schema/mesh";
import { checkClaims } from "./claims";
import { Context } from "./context";
import { declareNamespaces, resolveBackends, resolveNamespaces } from "./environment";
import { resolveExternalServices } from "./external";
import { resolveGateways } from "./gateways";
import { resolvePolicies } from "./policies";
import { resolveRoutes } from "./routes";
import { declareServices, resolveServices } from "./services";
import { Targets } from "./targets";
import { resolveTelemetry } from "./telemetry";

/** From a document of the right shape to the model, with everything that does not hang together. */
export function resolve(document: MeshDocument): { readonly model?: Model; readonly findings: readonly Finding[] } {
  const spec = document.spec ?? {};
  const context = new Context(spec, document.metadata.namespace ?? D.namespace);
  const mtls = { mode: spec.mtls?.mode ?? D.mtlsMode, minVersion: spec.mtls?.minVersion ?? D.tlsMinVersion };
  // Names first, so that everything can refer to everything.
  declareNamespaces(context);
  const drafts = declareServices(context);
  const externalServices = resolveExternalServices(context);
  const gateways = resolveGateways(context, mtls.minVersion);

  const services = resolveServices(drafts, context);
  const routes = resolveRoutes(context);
  checkClaims(routes, services, gateways, context);
  const policies = resolvePolicies(new Targets(services, gateways, context), mtls.mode, context);
  if (hasErrors(context.findings)) return { findings: context.findings };
  return {
    findings: context.findings,
    model: {
      apiVersion: API_VERSION,
      name: document.metadata.name,
      namespace: context.namespace,
      trustDomain: spec.trustDomain ?? D.trustDomain,
      mtls,
      namespaces: resolveNamespaces(context),
      backends: resolveBackends(context),
      services,
      externalServices,
      gateways,
      routes,
      egress: { mode: spec.egress?.mode ?? D.egressMode },
      policies,
      telemetry: resolveTelemetry(spec.telemetry ?? {}),
      source: document,
    },
  };
}
