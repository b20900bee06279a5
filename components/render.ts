import * as pulumi from "@pulumi/pulumi";
import { type Finding, hasErrors } from "../src/model/finding";
import { keyOf, type Model, type Service } from "../src/model/model";
import type { Plan } from "../src/plan/plan";
import type { Entry } from "./board";
import { codes, userError } from "./errors";
import { describe, locate } from "./findings";
import { type Item, type Kind, kindNames, kinds, pathOf } from "./pieces";
import { makeResources, type Nodes } from "./resources";
import type { Settings } from "./settings";

type Data = Readonly<Record<string, unknown>>;

/** What document and backend come to. No model or plan where an error was found. */
export interface Compiled {
  readonly model?: Model;
  readonly plan?: Plan;
  readonly findings: readonly Finding[];
}
export type Compile = (document: Data, backend: string) => Compiled;

/** A mesh whose resources were made. */
export interface RenderedMesh {
  readonly model: Model;
  readonly findings: readonly Finding[];
  readonly nodes: Nodes;
  nodesOf(piece: pulumi.Resource): Nodes;
  item<K extends Kind>(piece: pulumi.Resource, kind: K): Item<K>;
  /** Where clients call the service. */
  address(service: Service): pulumi.Input<string>;
}

/** Renders a mesh and makes its resources, or throws the one error that tells all of its mistakes. */
export function renderMesh(
  mesh: pulumi.Resource,
  settings: Settings,
  entries: readonly Entry[],
  compile: Compile,
): RenderedMesh {
  const document = assemble(settings, entries);
  const { model, plan, findings } = compile(document, settings.backend);
  const located = findings.map((finding) => locate(settings.locate(finding), entries));
  const errors = located.filter(({ finding }) => finding.level === "error");
  if (model === undefined || plan === undefined || hasErrors(findings)) {
    const lines = errors.map((error) => `\n  ${describe(error)}`).join("");
    const name = String(settings.metadata.name);
    throw userError(codes.invalidMesh, `Mesh ${name} cannot run on ${settings.backend}:${lines}`, "", mesh);
  }
  for (const warning of located.filter(({ finding }) => finding.level === "warning"))
    void pulumi.log.warn(describe(warning), warning.entry?.piece ?? mesh);

  const items = itemsOf(model, entries);
  const owners = new Map([...items].map(([piece, { kind, item }]) => [`${kind}:${keyOf(item)}`, piece]));
  const made = makeResources(plan, {
    mesh,
    model,
    document,
    directory: settings.directory,
    parentOf: (owner) => owners.get(owner) ?? mesh,
  });
  const ownerOf = new Map(plan.resources.map((resource) => [resource.id, resource.owner]));
  return {
    model,
    findings,
    nodes: made.nodes,
    nodesOf: (piece) => new Map([...made.nodes].filter(([id]) => owners.get(ownerOf.get(id) ?? "mesh") === piece)),
    item: <K extends Kind>(piece: pulumi.Resource, _kind: K) => items.get(piece)?.item as Item<K>,
    address: made.address,
  };
}

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
        if (item !== undefined) items.set(piece, { kind, item });
      });
  }
  return items;
}
