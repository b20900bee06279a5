export type { Complete, Facts, MeshFact, WorkloadFact } from "./facts";
export { fromModel, inTemplate, optsOut } from "./from-model";
export { asksIdentity, couldBe, identitiesOf, matchesPattern, ruleAdmits, type Identity } from "./identity";
export type { Lookup } from "./lookup";
export { covers, matchesAll, underPrefix } from "./matching";
export { narrowness, push, selects, TargetIndex } from "./targets";
