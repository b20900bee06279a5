import type { Setup } from "../setup";
import { actions } from "./actions";
import { headers } from "./headers";
import { matching } from "./matching";
import { protocol } from "./protocol";
import { resilience } from "./resilience";

/** All setups; names are unique. */
export const setups: readonly Setup[] = [...matching, ...actions, ...headers, ...resilience, ...protocol];
