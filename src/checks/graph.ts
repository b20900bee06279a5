/** Walks over the call graph, in time linear in services and calls, without recursion: graphs may be deep. */

/** The cycles of a graph, one list of members for each group that reaches itself (Tarjan). */
export function cycles<N>(
  nodes: readonly N[],
  key: (node: N) => string,
  next: (node: N) => readonly N[],
): readonly N[][] {
  return components(nodes, key, next).filter(
    (group) => group.length > 1 || next(group[0] as N).some((to) => key(to) === key(group[0] as N)),
  );
}

/** Strongly connected components, callees before callers. Members of one are in calling order where it is a ring. */
function components<N>(nodes: readonly N[], key: (node: N) => string, next: (node: N) => readonly N[]): N[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: N[] = [];
  const found: N[][] = [];
  for (const root of nodes) {
    if (order.has(key(root))) continue;
    const work: { node: N; id: string; edges: readonly N[]; at: number }[] = [];
    const enter = (node: N) => {
      const id = key(node);
      order.set(id, order.size);
      low.set(id, order.get(id) as number);
      stack.push(node);
      onStack.add(id);
      work.push({ node, id, edges: next(node), at: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const top = work[work.length - 1] as (typeof work)[number];
      const to = top.edges[top.at++];
      if (to !== undefined) {
        const id = key(to);
        if (!order.has(id)) enter(to);
        else if (onStack.has(id)) low.set(top.id, Math.min(low.get(top.id) as number, order.get(id) as number));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low.set(parent.id, Math.min(low.get(parent.id) as number, low.get(top.id) as number));
      if (low.get(top.id) !== order.get(top.id)) continue;
      const group = stack.splice(stack.lastIndexOf(top.node));
      for (const node of group) onStack.delete(key(node));
      found.push(group);
    }
  }
  return found;
}

/**
 * For every node that calls nothing further: the path that leads there with the greatest product of weights.
 * Members of a cycle count once, so that the product stays finite.
 */
export function heaviestPaths<N>(
  nodes: readonly N[],
  key: (node: N) => string,
  next: (node: N) => readonly N[],
  weight: (node: N) => number,
): readonly { readonly path: readonly N[]; readonly weight: number }[] {
  const best = new Map<string, { weight: number; from?: N }>(nodes.map((n) => [key(n), { weight: weight(n) }]));
  const groups = components(nodes, key, next).reverse();
  const groupOf = new Map(groups.flatMap((group, i) => group.map((node) => [key(node), i] as const)));
  for (const node of groups.flat())
    for (const to of next(node)) {
      if (groupOf.get(key(to)) === groupOf.get(key(node))) continue;
      const through = (best.get(key(node))?.weight ?? 1) * weight(to);
      const known = best.get(key(to));
      if (known && through > known.weight) best.set(key(to), { weight: through, from: node });
    }
  const leaves = nodes.filter((node) => next(node).every((to) => groupOf.get(key(to)) === groupOf.get(key(node))));
  return leaves.map((leaf) => {
    const path: N[] = [];
    for (let node: N | undefined = leaf; node !== undefined; node = best.get(key(node))?.from) path.unshift(node);
    return { path, weight: best.get(key(leaf))?.weight ?? 1 };
  });
}
