import type { Setup } from "../setup";
import { actions } from "./actions";
import { connections } from "./connections";
import { framing } from "./framing";
import { headers } from "./headers";
import { matching } from "./matching";
import { resilience } from "./resilience";
import { strictness } from "./strictness";
import { targets } from "./targets";
import { together } from "./together";
import { trailers } from "./trailers";
import { tries } from "./tries";
import { upgrades } from "./upgrades";

/** All setups; names are unique. */
export const setups: readonly Setup[] = [
  ...matching,
  ...actions,
  ...headers,
  ...resilience,
  ...tries,
  ...together,
  ...trailers,
  ...connections,
  ...targets,
  framing,
  ...upgrades,
  ...strictness,
];
