import type { FilterChain, Metadata } from "../filters/filter";
import type { HeaderRules, RouteAction } from "./action";
import type { RouteCondition, RouteInput } from "./conditions";
import type { PathTest } from "./matchers";

/** One route: the first whose path and conditions hold is taken. */
export class Route {
  constructor(
    readonly name: string,
    readonly path: PathTest,
    private readonly conditions: readonly RouteCondition[],
    readonly action: RouteAction,
    /** Of this route, its virtual host and the table, in the order in which they apply; undefined when there are none. */
    readonly headers: HeaderRules | undefined,
    /** With what this route changes; undefined: the connection manager's. */
    readonly filters: FilterChain | undefined = undefined,
    /** Envoy's filter_metadata, by namespace. */
    readonly metadata: Metadata | undefined = undefined,
  ) {}

  matches(input: RouteInput): boolean {
    return this.path.matches(input.pathname) && this.holds(input);
  }

  /** The conditions beside the path hold. */
  holds(input: RouteInput): boolean {
    for (const condition of this.conditions) if (!condition.holds(input)) return false;
    return true;
  }
}
