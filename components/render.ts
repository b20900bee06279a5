import * as pulumi from "@pulumi/pulumi";
import { type Finding, hasErrors } from "../src/model/finding";
import { keyOf, type Model, type Service } from "../src/model/model";
import type { Plan } from "../src/plan/plan";
import type { SharedMesh } from "./args";
import type { Entry } from "./board";
import type { MeshCost } from "./cost";
import { codes, userError } from "./errors";
import { describe, locator } from "./findings";
import { type Item, type Kind, kindNames, kinds, pathOf } from "./pieces";
import { makeResources, type Nodes } from "./resources";
import type { Settings } from "./settings";
import { compileWithOwner, listed, ownersDocument } from "./sharing/compile";

type Data = Readonly<Record<string, unknown>>;

/** What document and backend come to. No model or plan where an error was found. */
export interface Compiled {
  readonly model?: Model;
  readonly plan?: Plan;
  readonly findings: readonly Finding[];
}
/** Findings as they are told: with their place in the file, and without those that its comments ignore. */
export type Settle = (findings: readonly Finding[]) => readonly Finding[];
export type Compile = (document: Data, backend: string, settle?: Settle) => Compiled;

/** A mesh whose resources were made. */
export interface RenderedMesh {
  readonly model: Model;
  readonly findings: readonly Finding[];
  readonly cost: MeshCost;
  readonly nodes: Nodes;
  /** What was rendered, the owner's pieces of a shared mesh included. */
  readonly document: Data;
  /** Whether it belongs to this stack, and not to the owner of a shared mesh. */
  isOwn(service: Service): boolean;
  /** Whether a resource is one of a cloud, which names it itself. */
  isCloud(id: string): boolean;
  nodesOf(piece: pulumi.Resource): Nodes;
  /** Ids and URNs of resources, for what cannot hold a resource: stack outputs, policies, other languages. */
  urnsOf(nodes: Nodes): pulumi.Output<Record<string, string>>;
  item<K extends Kind>(piece: pulumi.Resource, kind: K): Item<K>;
  /** Where clients call the service. */
  address(service: Service): pulumi.Input<string>;
}

/** Renders a mesh and makes its resources, or throws the one error that tells all of its mistakes. */
export function renderMesh(
  mesh: pulumi.Resource,
  settings: Settings,
  own: readonly Entry[],
  compile: Compile,
  price: (model: Model) => MeshCost,
): RenderedMesh {
  const { shared } = settings;
  const entries = shared === undefined ? own : [...ownersEntries(shared), ...own];
  const document = assemble(settings, entries);
  const compiler = shared === undefined ? compile : compileWithOwner(shared, compile);
  const { model, plan, findings } = compiler(document, settings.backend, settings.settle);
  const locate = locator(entries);
  const located = findings.map((finding) => locate(settings.locate(finding)));
  const errors = located.filter(({ finding }) => finding.level === "error");
  if (model === undefined || plan === undefined || hasErrors(findings)) {
    const lines = errors.map((error) => `\n  ${describe(error)}`).join("");
    const name = String(settings.metadata.name);
    throw userError(codes.invalidMesh, `Mesh ${name} cannot run on ${settings.backend}:${lines}`, "", mesh);
  }
  for (const warning of located.filter(({ finding }) => finding.level === "warning"))
    void pulumi.log.warn(describe(warning), warning.entry?.piece ?? mesh);
  const cost = price(model);

  const items = itemsOf(model, entries);
  const owners = new Map([...items].map(([piece, { kind, item }]) => [`${kind}:${keyOf(item)}`, piece]));
  const made = makeResources(plan, {
    mesh,
    model,
    document,
    directory: settings.directory,
    shared,
    parentOf: (owner) => owners.get(owner) ?? mesh,
  });
  const byPiece = new Map<pulumi.Resource, Map<string, pulumi.CustomResource>>();
  for (const { id, owner } of plan.resources) {
    const [piece, node] = [owners.get(owner), made.nodes.get(id)];
    if (piece !== undefined && node !== undefined) byPiece.set(piece, (byPiece.get(piece) ?? new Map()).set(id, node));
  }
  const providers = new Map(plan.resources.map(({ id, provider }) => [id, provider]));
  const ownServices = new Set([...items.values()].filter(({ kind }) => kind === "service").map(({ item }) => item));
  return {
    model,
    findings,
    cost,
    document,
    isOwn: (service) => ownServices.has(service),
    isCloud: (id) => ["aws", "gcp", "random"].includes(providers.get(id) ?? ""),
    nodes: made.nodes,
    nodesOf: (piece) => byPiece.get(piece) ?? new Map(),
    urnsOf: (nodes) => mesh.urn.apply((urn) => urnsBelow(urn, nodes, made.urnEnds)),
    item: <K extends Kind>(piece: pulumi.Resource, _kind: K) => items.get(piece)?.item as Item<K>,
    address: made.address,
  };
}

/**
 * A URN is known from its parent's, so the mesh's tells them all; asking each resource would cost a large mesh as much
 * time as making them. `urn:pulumi:stack::project::types::name`.
 */
function urnsBelow(mesh: string, nodes: Nodes, ends: ReadonlyMap<string, string>): Record<string, string> {
  const start = mesh.split("::").slice(0, 3).join("::");
  return Object.fromEntries([...nodes.keys()].map((id) => [id, `${start}${ends.get(id) ?? ""}`]));
}

/** The owner's pieces of a shared mesh: read with this stack's, and made by nobody here. */
const ownersEntries = (shared: SharedMesh): Entry[] =>
  kindNames.flatMap((kind) => listed(ownersDocument(shared), kind).map((data) => ({ kind, data })));

/** One Mesh document of settings and pieces; pieces of a kind stand in the order in which they were made. */
export function assemble({ metadata, spec }: Pick<Settings, "metadata" | "spec">, entries: readonly Entry[]): Data {
  const whole: Record<string, unknown> = { ...spec };
  for (const kind of kindNames) {
    const data = entries.filter((entry) => entry.kind === kind).map((entry) => entry.data);
    if (data.length === 0) continue;
    const [first, second] = kinds[kind].list;
    whole[first] = second === undefined ? data : { ...(whole[first] as Data | undefined), [second]: data };
  }
  return { apiVersion: "meshup/v1", kind: "Mesh", metadata, spec: whole };
}

/** What the model made of each piece, found by where the piece stands in the document. */
function itemsOf(model: Model, entries: readonly Entry[]): Map<pulumi.Resource, { kind: Kind; item: Item<Kind> }> {
  const items = new Map<pulumi.Resource, { kind: Kind; item: Item<Kind> }>();
  for (const kind of kindNames) {
    const byPath = new Map<string, Item<Kind>>(kinds[kind].items(model).map((item) => [item.path, item]));
    entries
      .filter((entry) => entry.kind === kind)
      .forEach(({ piece }, index) => {
        const item = byPath.get(pathOf(kind, index));
        if (item !== undefined && piece !== undefined) items.set(piece, { kind, item });
      });
  }
  return items;
}
