import * as pulumi from "@pulumi/pulumi";
import type { Board } from "./board";
import { toDocument } from "./document";
import { codes, userError } from "./errors";
import { type Item, type Kind, parseName } from "./pieces";
import type { RenderedMesh } from "./render";
import type { Nodes } from "./resources";

/** The board of every mesh of this program, by the Mesh. Weak: a mesh that is gone takes its board along. */
const boards = new WeakMap<pulumi.Resource, Board<RenderedMesh>>();

export const openBoard = (mesh: pulumi.Resource, board: Board<RenderedMesh>): void => {
  boards.set(mesh, board);
};

export const boardOf = (mesh: pulumi.Resource | undefined): Board<RenderedMesh> | undefined =>
  mesh === undefined ? undefined : boards.get(mesh);

/** What a piece knows once its mesh was rendered. */
export interface Rendered<K extends Kind> {
  readonly mesh: RenderedMesh;
  readonly item: Item<K>;
  /** What it owns, by id. */
  readonly nodes: Nodes;
}

/**
 * The board of the mesh that a piece is made for. Called before `super`, so that a piece without a mesh, or too late
 * for it, registers nothing.
 */
export function requireBoard(
  what: string,
  name: string,
  opts: pulumi.ResourceOptions | undefined,
): Board<RenderedMesh> {
  const board = boardOf(opts?.parent);
  if (board === undefined)
    throw userError(
      codes.noMesh,
      `${what} ${name} belongs to no mesh.`,
      "Pass { parent: mesh }, with a Mesh of this program; from another language, pass it in the Mesh's arguments.",
    );
  board.check(`${what} ${name}`);
  return board;
}

/** What each component made, for `node`. */
const nodes = new WeakMap<pulumi.Resource, Promise<Nodes>>();

export function keepNodes(component: pulumi.Resource, made: Promise<Nodes>): void {
  // A mesh that fails says so through its outputs; this copy of the rejection has nothing to add.
  made.catch(() => undefined);
  nodes.set(component, made);
}

/** Records a piece on its mesh's board, and promises what becomes of it. */
export function attach<K extends Kind>(
  piece: pulumi.Resource,
  kind: K,
  name: string,
  args: object,
  opts: pulumi.ResourceOptions | undefined,
): Promise<Rendered<K>> {
  const board = requireBoard(piece.constructor.name, name, opts);
  board.add({ kind, piece, data: { ...parseName(name), ...toDocument(args) } });
  const rendered = board.rendered.then((mesh) => ({ mesh, item: mesh.item(piece, kind), nodes: mesh.nodesOf(piece) }));
  keepNodes(
    piece,
    rendered.then((self) => self.nodes),
  );
  return rendered;
}

/** `pick` of what a component becomes, as an output that is there at once. */
export const outputFrom = <T, V>(source: Promise<T>, pick: (value: T) => pulumi.Input<V>): pulumi.Output<V> =>
  pulumi.output(source.then(pick)) as pulumi.Output<V>;

/**
 * What a piece tells: registered by the promise that this gives, and there as outputs on the piece, each made when it is
 * first asked for. Most are never asked for, and making them all would cost a large mesh a third of its program's time.
 */
export function publish<T>(
  piece: pulumi.ComponentResource,
  source: Promise<T>,
  outputs: Readonly<Record<string, (value: T) => pulumi.Input<unknown>>>,
): Promise<pulumi.Inputs> {
  for (const [key, pick] of Object.entries(outputs)) {
    let made: pulumi.Output<unknown> | undefined;
    const get = (): pulumi.Output<unknown> => (made ??= outputFrom(source, pick));
    Object.defineProperty(piece, key, { get, enumerable: true, configurable: true });
  }
  return source.then((value) => Object.fromEntries(Object.entries(outputs).map(([key, pick]) => [key, pick(value)])));
}

/** One of a component's resources by its id in the Plan. Rejects, with the ids there are, where it has none such. */
export async function nodeOf(component: pulumi.Resource, id: string): Promise<pulumi.CustomResource> {
  const made: Nodes = (await nodes.get(component)) ?? new Map();
  const node = made.get(id);
  if (node !== undefined) return node;
  const known = [...made.keys()].join(", ") || "none";
  throw userError(codes.noSuchNode, `There is no resource ${id} here.`, `There are: ${known}.`, component);
}
