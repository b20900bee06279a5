import type { PolicyRule } from "../rule";
import { accessLogging } from "./access-logging";
import { authorizationCoverage } from "./authorization-coverage";
import { authorizationTarget } from "./authorization-target";
import { certificateLimits } from "./certificate-limits";
import { claimsNeedJwt } from "./claims-need-jwt";
import { clientTls } from "./client-tls";
import { closedEgress } from "./closed-egress";
import { defaultDeny } from "./default-deny";
import { destinationExists } from "./destination-exists";
import { endOfLifeAndBudget } from "./end-of-life-and-budget";
import { envoyFilterHygiene } from "./envoy-filter-hygiene";
import { gatewayApiVersion } from "./gateway-api-version";
import { gatewayCredentials } from "./gateway-credentials";
import { gatewayExists } from "./gateway-exists";
import { hardenedPods } from "./hardened-pods";
import { identityNeedsMtls } from "./identity-needs-mtls";
import { knownMethods } from "./known-methods";
import { knownPrincipal } from "./known-principal";
import { limitsAndReplicas } from "./limits-and-replicas";
import { minimumTls } from "./minimum-tls";
import { mtlsConflict } from "./mtls-conflict";
import { namedPorts } from "./named-ports";
import { namespaceInMesh } from "./namespace-in-mesh";
import { noOptOut } from "./no-opt-out";
import { noPortSkipping } from "./no-port-skipping";
import { noShadowedRule } from "./no-shadowed-rule";
import { noWildcardHosts } from "./no-wildcard-hosts";
import { oneDestinationRule } from "./one-destination-rule";
import { oneInjectionLabel } from "./one-injection-label";
import { oneRouteOwner } from "./one-route-owner";
import { outlierDetection } from "./outlier-detection";
import { ownServiceAccount } from "./own-service-account";
import { positiveAllow } from "./positive-allow";
import { safePatterns } from "./safe-patterns";
import { selectorMatches } from "./selector-matches";
import { strictMtls } from "./strict-mtls";
import { subsetExists } from "./subset-exists";
import { validWeights } from "./valid-weights";
import { verifiedUpstream } from "./verified-upstream";

/** Every policy, by code. A code is never reused: a retired one leaves a gap. */
export const rules: readonly PolicyRule[] = [
  strictMtls,
  clientTls,
  mtlsConflict,
  verifiedUpstream,
  minimumTls,
  defaultDeny,
  authorizationCoverage,
  authorizationTarget,
  knownPrincipal,
  identityNeedsMtls,
  knownMethods,
  positiveAllow,
  namespaceInMesh,
  noOptOut,
  noPortSkipping,
  oneInjectionLabel,
  noWildcardHosts,
  destinationExists,
  subsetExists,
  validWeights,
  oneRouteOwner,
  oneDestinationRule,
  noShadowedRule,
  namedPorts,
  gatewayExists,
  gatewayCredentials,
  safePatterns,
  closedEgress,
  claimsNeedJwt,
  selectorMatches,
  outlierDetection,
  accessLogging,
  certificateLimits,
  ownServiceAccount,
  hardenedPods,
  limitsAndReplicas,
  envoyFilterHygiene,
  gatewayApiVersion,
  endOfLifeAndBudget,
];

const byName = new Map(rules.flatMap((rule) => [[rule.code, rule] as const, [rule.name, rule] as const]));
/** By code or by name. */
export const ruleByName = (name: string): PolicyRule | undefined => byName.get(name);
