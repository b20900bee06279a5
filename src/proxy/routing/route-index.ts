import type { RouteInput } from "./conditions";
import { PathTree } from "./path-tree";
import type { Route } from "./route";

interface Entry {
  readonly rank: number;
  readonly route: Route;
}

/**
 * The routes of a virtual host. As in Envoy the first in order whose path and conditions hold is taken; only those whose
 * path matches are looked at, so that a look-up takes as long as the path is, not as there are routes.
 */
export class RouteIndex {
  private readonly list: Route[] = [];
  private readonly literal = new PathTree<Entry>();
  /** Of routes whose case does not count: by their path in lower case. */
  private readonly folded = new PathTree<Entry>();
  private folds = false;
  /** Patterns: each must be tried. */
  private readonly patterns: Entry[] = [];
  /** What one look-up found: lists in order, and how far each was read. Kept, as look-ups are many and one at a time. */
  private readonly found: (readonly Entry[])[] = [];
  private readonly read: number[] = [];

  static of(routes: Iterable<Route>): RouteIndex {
    const index = new RouteIndex();
    for (const route of routes) index.add(route);
    return index;
  }

  /** In the order in which they came. */
  get routes(): readonly Route[] {
    return this.list;
  }

  /** After all that are there. */
  add(route: Route): void {
    const entry: Entry = { rank: this.list.length, route };
    this.list.push(route);
    const { literal } = route.path;
    if (literal === undefined) this.patterns.push(entry);
    else if (!literal.folds) this.literal.add(literal, entry);
    else {
      this.folds = true;
      this.folded.add(literal, entry);
    }
  }

  find(input: RouteInput): Route | undefined {
    const { found } = this;
    found.length = 0;
    this.literal.find(input.pathname, found);
    if (this.folds) this.folded.find(input.pathname.toLowerCase(), found);
    if (this.patterns.length > 0) found.push(this.patterns);
    return found.length === 1 ? this.first(found[0] as readonly Entry[], input) : this.merged(input);
  }

  private first(entries: readonly Entry[], input: RouteInput): Route | undefined {
    for (const { route } of entries) if (this.takes(route, input)) return route;
    return undefined;
  }

  /** Candidates in the order of the routes: a condition is asked only when all before it said no. */
  private merged(input: RouteInput): Route | undefined {
    const { found, read } = this;
    for (let i = 0; i < found.length; i++) read[i] = 0;
    for (;;) {
      let next = -1;
      let least = Infinity;
      for (let i = 0; i < found.length; i++) {
        const rank = (found[i] as readonly Entry[])[read[i] as number]?.rank ?? Infinity;
        if (rank >= least) continue;
        least = rank;
        next = i;
      }
      if (next < 0) return undefined;
      const at = read[next] as number;
      const { route } = (found[next] as readonly Entry[])[at] as Entry;
      if (this.takes(route, input)) return route;
      read[next] = at + 1;
    }
  }

  /** A literal path matched on the way here. */
  private takes(route: Route, input: RouteInput): boolean {
    return route.path.literal === undefined ? route.matches(input) : route.holds(input);
  }
}
