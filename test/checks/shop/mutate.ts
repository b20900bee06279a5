/** A change of a document: where, and what stands there instead. `null` takes it out; a path that ends in `+` adds. */
export type Change = readonly [path: string, value: unknown];

type Node = Record<string, unknown> | unknown[];
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/** An entry of a list by its position or by its name. */
function keyIn(node: Node, segment: string): string | number {
  if (!Array.isArray(node)) return segment;
  if (/^\d+$/.test(segment)) return Number(segment);
  const at = node.findIndex((item) => isNode(item) && (item as Record<string, unknown>).name === segment);
  if (at < 0) throw new Error(`nothing is called ${segment}`);
  return at;
}

/** The document with the changes made; the one given stays as it is, and nothing is shared between its parts. */
export function mutate(document: unknown, changes: readonly Change[]): unknown {
  const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  for (const [path, value] of changes) {
    const segments = path.split("/");
    const last = segments.pop() as string;
    let node = copy.spec as Node;
    for (const segment of segments) {
      const next = (node as Record<string | number, unknown>)[keyIn(node, segment)];
      if (!isNode(next)) throw new Error(`nothing at ${segment} of ${path}`);
      node = next;
    }
    if (last === "+") (node as unknown[]).push(value);
    else if (value !== null) (node as Record<string | number, unknown>)[keyIn(node, last)] = value;
    else if (Array.isArray(node)) node.splice(keyIn(node, last) as number, 1);
    else delete node[last];
  }
  return copy;
}
