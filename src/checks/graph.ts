/** Walks over the call graph, in time linear in services and calls, without recursion: graphs may be deep. */

type Next<N> = (node: N) => readonly N[];

/** The cycles of a graph, one list of members for each group that reaches itself. */
export const cycles = <N>(nodes: readonly N[], next: Next<N>): readonly N[][] =>
  components(nodes, next).filter((group) => group.length > 1 || next(group[0] as N).includes(group[0] as N));

/** Strongly connected components (Tarjan), callees before callers; a ring's members are in calling order. */
function components<N>(nodes: readonly N[], next: Next<N>): N[][] {
  const order = new Map<N, number>();
  const low = new Map<N, number>();
  const onStack = new Set<N>();
  const stack: N[] = [];
  const found: N[][] = [];
  const work: { readonly node: N; readonly edges: readonly N[]; at: number }[] = [];
  const lower = (node: N, to: number) => low.set(node, Math.min(low.get(node) as number, to));
  const enter = (node: N) => {
    low.set(node, order.size);
    order.set(node, order.size);
    stack.push(node);
    onStack.add(node);
    work.push({ node, edges: next(node), at: 0 });
  };
  for (const root of nodes) {
    if (order.has(root)) continue;
    enter(root);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const to = top.edges[top.at++];
      if (to !== undefined) {
        if (!order.has(to)) enter(to);
        else if (onStack.has(to)) lower(top.node, order.get(to) as number);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) lower(parent.node, low.get(top.node) as number);
      if (low.get(top.node) !== order.get(top.node)) continue;
      const group = stack.splice(stack.lastIndexOf(top.node));
      for (const node of group) onStack.delete(node);
      found.push(group);
    }
  }
  return found;
}

export interface Heaviest<N> {
  readonly node: N;
  /** The greatest product of weights over the paths that lead here. */
  readonly weight: number;
  /** The last `most` nodes of that path, this one included. */
  readonly path: (most: number) => readonly N[];
}

/** For every node that calls nothing outside its own cycle. Members of a cycle count once each, so it stays finite. */
export function heaviestPaths<N>(
  nodes: readonly N[],
  next: Next<N>,
  weigh: (node: N) => number,
): readonly Heaviest<N>[] {
  const own = new Map(nodes.map((node) => [node, weigh(node)]));
  const best = new Map<N, { weight: number; from?: N }>(nodes.map((node) => [node, { weight: own.get(node) ?? 1 }]));
  const groups = components(nodes, next).reverse();
  const groupOf = new Map<N, number>();
  for (const [i, group] of groups.entries()) for (const node of group) groupOf.set(node, i);
  const leaves: N[] = [];
  for (const node of groups.flat()) {
    const further = next(node).filter((to) => groupOf.get(to) !== groupOf.get(node));
    if (further.length === 0) leaves.push(node);
    for (const to of further) {
      const through = (best.get(node)?.weight ?? 1) * (own.get(to) ?? 1);
      if (through > (best.get(to)?.weight ?? 0)) best.set(to, { weight: through, from: node });
    }
  }
  return leaves.map((node) => ({ node, weight: best.get(node)?.weight ?? 1, path: (most) => pathTo(node, most) }));

  function pathTo(end: N, most: number): N[] {
    const path: N[] = [];
    for (let node: N | undefined = end; node !== undefined && path.length < most; node = best.get(node)?.from)
      path.push(node);
    return path.reverse();
  }
}
