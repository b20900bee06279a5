import { rows } from "../capability";
import { balancing } from "./balancing";
import { ports } from "./ports";
import { resilience } from "./resilience";

/** How clients reach a service's endpoints. */
export const destinations = rows("destinations", [...balancing, ...resilience, ...ports]);
