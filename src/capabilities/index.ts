export { backendNames, formOf, type Feature, type Form, type Kind, type Support } from "./capability";
export { capabilityCodes } from "./codes";
export { checkCapabilities } from "./check";
export { compare, type Change } from "./compare";
export { explain, mark, renderComparison, renderMatrix, type MatrixOptions, type TableFormat } from "./report";
export { featureById, table } from "./table";
