export type { Area, Check, Hit, Relatives } from "./check";
export { settingCodes } from "./codes";
export { applyIgnores, readIgnores, type Ignore } from "./ignore";
export { readSettings, type Levels } from "./levels";
export { checkPages, pageOf, pageUrl } from "./page";
export { checkFacts, runChecks, type RunOptions } from "./run";
export { checkByName, checks } from "./table";
