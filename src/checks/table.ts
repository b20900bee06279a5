import type { Check } from "./check";
import { requiredCycle } from "./calls/required-cycle";
import { retryAmplification } from "./calls/retry-amplification";
import { timeoutInversion } from "./calls/timeout-inversion";
import { undeclaredCall } from "./calls/undeclared-call";
import { undeclaredHost } from "./calls/undeclared-host";
import { unusedExternalService } from "./calls/unused-external-service";
import { bypassesServiceRules } from "./gateways/bypasses-service-rules";
import { conflictingListeners } from "./gateways/conflicting-listeners";
import { hostnameNotOnListener } from "./gateways/hostname-not-on-listener";
import { plainHttp } from "./gateways/plain-http";
import { requestRouteOnPassthrough } from "./gateways/request-route-on-passthrough";
import { sharedCertificate } from "./gateways/shared-certificate";
import { unusedListener } from "./gateways/unused-listener";
import { weakerTlsThanMesh } from "./gateways/weaker-tls-than-mesh";
import { wildcardHost } from "./gateways/wildcard-host";
import { backendWithoutReplicas } from "./routes/backend-without-replicas";
import { canaryWithoutOutlierDetection } from "./routes/canary-without-outlier-detection";
import { connectionHeadersChanged } from "./routes/connection-headers-changed";
import { corsAnyOriginWithCredentials } from "./routes/cors-any-origin-with-credentials";
import { corsWithoutPreflight } from "./routes/cors-without-preflight";
import { duplicateBackend } from "./routes/duplicate-backend";
import { externalHostKept } from "./routes/external-host-kept";
import { faultOutlastsTimeout } from "./routes/fault-outlasts-timeout";
import { faultTakesAll } from "./routes/fault-takes-all";
import { grpcToHttp1 } from "./routes/grpc-to-http1";
import { headerSetAndRemoved } from "./routes/header-set-and-removed";
import { ineffectiveMatch } from "./routes/ineffective-match";
import { mirrorToItself } from "./routes/mirror-to-itself";
import { noCatchAll } from "./routes/no-catch-all";
import { prefixRewriteWithoutPrefix } from "./routes/prefix-rewrite-without-prefix";
import { redirectLoop } from "./routes/redirect-loop";
import { regexThatIsAPrefix } from "./routes/regex-that-is-a-prefix";
import { retriedWrites } from "./routes/retried-writes";
import { retriesExceedTimeout } from "./routes/retries-exceed-timeout";
import { retriesWithoutCondition } from "./routes/retries-without-condition";
import { retryConditionOfOtherProtocol } from "./routes/retry-condition-of-other-protocol";
import { shadowedRule } from "./routes/shadowed-rule";
import { tryOutlastsTimeout } from "./routes/try-outlasts-timeout";
import { unknownMethod } from "./routes/unknown-method";
import { versionWithoutRoute } from "./routes/version-without-route";
import { addressBehindGateway } from "./security/address-behind-gateway";
import { allowAnyone } from "./security/allow-anyone";
import { allowByExclusion } from "./security/allow-by-exclusion";
import { allowNothing } from "./security/allow-nothing";
import { callNotAllowed } from "./security/call-not-allowed";
import { claimWithoutToken } from "./security/claim-without-token";
import { conflictingMtlsPolicies } from "./security/conflicting-mtls-policies";
import { denyEvadedInPlainText } from "./security/deny-evaded-in-plain-text";
import { denyEveryone } from "./security/deny-everyone";
import { exactPathDenied } from "./security/exact-path-denied";
import { externalNotVerified } from "./security/external-not-verified";
import { gatewayNotAllowed } from "./security/gateway-not-allowed";
import { grpcRuleThatNeverMatches } from "./security/grpc-rule-that-never-matches";
import { identityWithoutMtls } from "./security/identity-without-mtls";
import { keysOverPlainHttp } from "./security/keys-over-plain-http";
import { leftOpen } from "./security/left-open";
import { meshNotStrict } from "./security/mesh-not-strict";
import { mtlsDisabled } from "./security/mtls-disabled";
import { mtlsWeakened } from "./security/mtls-weakened";
import { noDefaultDeny } from "./security/no-default-deny";
import { openEgress } from "./security/open-egress";
import { plainTextToOutside } from "./security/plain-text-to-outside";
import { requestRuleOnTcp } from "./security/request-rule-on-tcp";
import { sharedIdentity } from "./security/shared-identity";
import { strictWithClientOutside } from "./security/strict-with-client-outside";
import { tokenForAnyone } from "./security/token-for-anyone";
import { tokenNotRequired } from "./security/token-not-required";
import { unknownPrincipal } from "./security/unknown-principal";
import { unknownSourceNamespace } from "./security/unknown-source-namespace";
import { unusedGrant } from "./security/unused-grant";
import { collectorOutsideEgress } from "./telemetry/collector-outside-egress";
import { everyRequestTraced } from "./telemetry/every-request-traced";
import { metricsOff } from "./telemetry/metrics-off";
import { noAccessLogs } from "./telemetry/no-access-logs";
import { connectOutlastsTimeout } from "./traffic/connect-outlasts-timeout";
import { ejectionOfEverything } from "./traffic/ejection-of-everything";
import { failoverWithoutOutlierDetection } from "./traffic/failover-without-outlier-detection";
import { gatewayErrorsNeverCounted } from "./traffic/gateway-errors-never-counted";
import { hashKeysWithoutHashing } from "./traffic/hash-keys-without-hashing";
import { healthCheckOfOtherProtocol } from "./traffic/health-check-of-other-protocol";
import { healthCheckOverlaps } from "./traffic/health-check-overlaps";
import { httpSettingsOnTcp } from "./traffic/http-settings-on-tcp";
import { outlierDetectionThatNeverEjects } from "./traffic/outlier-detection-that-never-ejects";
import { rateLimitByClientWithoutIdentity } from "./traffic/rate-limit-by-client-without-identity";
import { rateLimitCloses } from "./traffic/rate-limit-closes";
import { retriesForbiddenByPool } from "./traffic/retries-forbidden-by-pool";
import { slowStartWithoutEffect } from "./traffic/slow-start-without-effect";
import { backendAtEndOfLife } from "./workloads/backend-at-end-of-life";
import { containerPortNotServed } from "./workloads/container-port-not-served";
import { defaultServiceAccount } from "./workloads/default-service-account";
import { hostNetwork } from "./workloads/host-network";
import { injectionLabelByHand } from "./workloads/injection-label-by-hand";
import { namespaceNotInjected } from "./workloads/namespace-not-injected";
import { noReadinessProbe } from "./workloads/no-readiness-probe";
import { onePortTwoProtocols } from "./workloads/one-port-two-protocols";
import { optsOutOfMesh } from "./workloads/opts-out-of-mesh";
import { overlappingSelectors } from "./workloads/overlapping-selectors";
import { portNameSaysOtherwise } from "./workloads/port-name-says-otherwise";
import { portsAroundSidecar } from "./workloads/ports-around-sidecar";
import { privileged } from "./workloads/privileged";
import { probeOutlastsPeriod } from "./workloads/probe-outlasts-period";
import { proxyUser } from "./workloads/proxy-user";
import { requestOverLimit } from "./workloads/request-over-limit";
import { secretInEnvironment } from "./workloads/secret-in-environment";
import { serverFirstUnderPermissive } from "./workloads/server-first-under-permissive";
import { singleReplica } from "./workloads/single-replica";
import { undeclaredServerFirst } from "./workloads/undeclared-server-first";
import { unpinnedImage } from "./workloads/unpinned-image";
import { unsetResources } from "./workloads/unset-resources";

/** Every rule, by code. A code is never reused: a retired rule leaves a gap. */
export const checks: readonly Check[] = [
  shadowedRule,
  ineffectiveMatch,
  noCatchAll,
  retriesExceedTimeout,
  tryOutlastsTimeout,
  retriedWrites,
  retryConditionOfOtherProtocol,
  retriesWithoutCondition,
  faultOutlastsTimeout,
  faultTakesAll,
  mirrorToItself,
  backendWithoutReplicas,
  canaryWithoutOutlierDetection,
  versionWithoutRoute,
  duplicateBackend,
  redirectLoop,
  externalHostKept,
  prefixRewriteWithoutPrefix,
  regexThatIsAPrefix,
  grpcToHttp1,
  corsAnyOriginWithCredentials,
  corsWithoutPreflight,
  connectionHeadersChanged,
  headerSetAndRemoved,
  unknownMethod,
  failoverWithoutOutlierDetection,
  gatewayErrorsNeverCounted,
  ejectionOfEverything,
  outlierDetectionThatNeverEjects,
  retriesForbiddenByPool,
  hashKeysWithoutHashing,
  httpSettingsOnTcp,
  healthCheckOverlaps,
  healthCheckOfOtherProtocol,
  slowStartWithoutEffect,
  connectOutlastsTimeout,
  rateLimitByClientWithoutIdentity,
  rateLimitCloses,
  requiredCycle,
  retryAmplification,
  timeoutInversion,
  undeclaredCall,
  undeclaredHost,
  unusedExternalService,
  hostnameNotOnListener,
  conflictingListeners,
  sharedCertificate,
  plainHttp,
  unusedListener,
  wildcardHost,
  requestRouteOnPassthrough,
  bypassesServiceRules,
  weakerTlsThanMesh,
  meshNotStrict,
  mtlsDisabled,
  strictWithClientOutside,
  mtlsWeakened,
  conflictingMtlsPolicies,
  unknownPrincipal,
  unknownSourceNamespace,
  identityWithoutMtls,
  denyEvadedInPlainText,
  requestRuleOnTcp,
  allowNothing,
  allowAnyone,
  denyEveryone,
  allowByExclusion,
  noDefaultDeny,
  leftOpen,
  callNotAllowed,
  gatewayNotAllowed,
  unusedGrant,
  claimWithoutToken,
  tokenNotRequired,
  tokenForAnyone,
  keysOverPlainHttp,
  addressBehindGateway,
  exactPathDenied,
  grpcRuleThatNeverMatches,
  sharedIdentity,
  externalNotVerified,
  plainTextToOutside,
  openEgress,
  defaultServiceAccount,
  singleReplica,
  unsetResources,
  requestOverLimit,
  noReadinessProbe,
  probeOutlastsPeriod,
  unpinnedImage,
  namespaceNotInjected,
  optsOutOfMesh,
  portsAroundSidecar,
  proxyUser,
  privileged,
  hostNetwork,
  overlappingSelectors,
  onePortTwoProtocols,
  serverFirstUnderPermissive,
  undeclaredServerFirst,
  portNameSaysOtherwise,
  containerPortNotServed,
  secretInEnvironment,
  injectionLabelByHand,
  noAccessLogs,
  everyRequestTraced,
  metricsOff,
  collectorOutsideEgress,
  backendAtEndOfLife,
];

const byName = new Map(checks.flatMap((check) => [[check.code, check] as const, [check.name, check] as const]));
/** By code or by name. */
export const checkByName = (name: string): Check | undefined => byName.get(name);
