import type { LiteralPath } from "./matchers";

/** Something at a place in an order. */
export interface Ranked {
  readonly rank: number;
}

const slash = 47;

/**
 * Literal paths in a radix tree: one walk along a path finds all entries that match it, whatever their number. Entries of
 * one place keep the order in which they came.
 */
export class PathTree<T extends Ranked> {
  private readonly root = new Node<T>("");

  add(path: LiteralPath, entry: T): void {
    const node = this.root.place(path.text);
    if (path.kind === "exact") node.exact.push(entry);
    else if (path.kind === "prefix") node.prefix.push(entry);
    else node.separated.push(entry);
  }

  /** Appends to `found` each list of entries that match `path`. */
  find(path: string, found: (readonly T[])[]): void {
    let node: Node<T> | undefined = this.root;
    for (let at = 0; ;) {
      const ended = at === path.length;
      if (node.prefix.length > 0) found.push(node.prefix);
      if (ended && node.exact.length > 0) found.push(node.exact);
      if (node.separated.length > 0 && (ended || path.charCodeAt(at) === slash)) found.push(node.separated);
      if (ended) return;
      node = node.children.get(path.charCodeAt(at));
      if (node === undefined || !path.startsWith(node.label, at)) return;
      at += node.label.length;
    }
  }
}

class Node<T> {
  readonly exact: T[] = [];
  readonly prefix: T[] = [];
  readonly separated: T[] = [];
  /** By the first character of their labels. */
  readonly children = new Map<number, Node<T>>();

  constructor(private text: string) {}

  get label(): string {
    return this.text;
  }

  /** The node at the end of `rest`, made where there is none. */
  place(rest: string): Node<T> {
    if (rest === "") return this;
    const key = rest.charCodeAt(0);
    const child = this.children.get(key);
    if (child === undefined) {
      const leaf = new Node<T>(rest);
      this.children.set(key, leaf);
      return leaf;
    }
    const shared = sharedLength(child.text, rest);
    if (shared === child.text.length) return child.place(rest.slice(shared));
    const middle = new Node<T>(rest.slice(0, shared));
    child.text = child.text.slice(shared);
    middle.children.set(child.text.charCodeAt(0), child);
    this.children.set(key, middle);
    return middle.place(rest.slice(shared));
  }
}

function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
