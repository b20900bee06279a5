/** Setups and requests whose outcome is known: told by Envoy, and held against it where it is there. */
import { authorization } from "./authorization";
import type { FilterCase } from "./case";
import { others } from "./others";
import { routing } from "./routing";

export { outcome, type Expected, type FilterCase } from "./case";

export const filterCases: readonly FilterCase[] = [...authorization, ...others, ...routing];
