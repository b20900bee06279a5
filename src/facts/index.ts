export type { Complete, Facts, MeshFact, WorkloadFact } from "./facts";
export { fromModel, inTemplate, optsOut } from "./from-model";
export { asksIdentity, couldBe, identitiesOf, matchesPattern, ruleAdmits, type Identity } from "./identity";
export type { Lookup } from "./lookup";
export { covers, matchesAll, underPrefix } from "./matching";
export { narrowness, push, TargetIndex } from "./targets";
export type {
  Access,
  Claim,
  ClientTls,
  Destination,
  RawFacts,
  Reference,
  Selection,
  Split,
  Subset,
  TlsListener,
} from "./raw-facts";
export * as reading from "./read";
export { type Given, isLater, LATER, type RawResource, resourcesOf } from "./resource";
export { hostName, maySelect, Resources, serviceOf } from "./resources";
export { type Estate, estateOf, estateOfModel, meshesIn, readings, usesIstio, usesLinkerd } from "./from-resources";
export { containersOf, isInjected, podLabels, podOf, protocolOf, workloadTypes } from "./from-kubernetes";
export { ROOT_NAMESPACE } from "./istio/selection";
export { hasUnknown, readAs, UNKNOWN } from "./unknown";
