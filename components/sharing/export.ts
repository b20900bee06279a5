import * as pulumi from "@pulumi/pulumi";
import { keyOf } from "../../src/model/model";
import type { SharedMesh } from "../args";
import type { RenderedMesh } from "../render";
import { portable } from "./portable";

/** Version of the format that this release writes and reads. */
export const SHARED_VERSION = 1;

/** Outputs that a Plan reads of a cloud's resources. */
const outputs = ["name", "arn", "hex", "listenerId", "membershipId"] as const;
type Names = Partial<Record<(typeof outputs)[number], pulumi.Output<string>>>;

/** `organization/project/stack`: how another stack refers to this one. */
export const thisStack = (): string => `${organization()}/${pulumi.getProject()}/${pulumi.getStack()}`;

/** The engine does not tell a package that serves another language; where states are kept by oneself there is but this one. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

/** The handle by which other stacks add to this mesh. */
export function exportOf(
  mesh: RenderedMesh,
  backend: string,
  shared: SharedMesh | undefined,
): pulumi.Output<SharedMesh> {
  const { model } = mesh;
  const owned = new Map((shared?.services ?? []).map((service) => [keyOf(service), service]));
  const document = JSON.stringify(portable(mesh.document));
  return pulumi.output({
    version: SHARED_VERSION,
    stack: shared?.stack ?? thisStack(),
    name: model.name,
    namespace: model.namespace,
    backend,
    trustDomain: model.trustDomain,
    namespaces: model.namespaces.map(({ name }) => name),
    services: model.services.map(
      (service) =>
        owned.get(keyOf(service)) ?? {
          name: service.name,
          namespace: service.namespace,
          owner: thisStack(),
          address: mesh.address(service),
          ports: service.ports.map(({ port }) => port),
          versions: service.versions.map(({ name }) => name),
        },
    ),
    ids: { ...shared?.ids, ...idsOf(mesh) },
    document,
  }) as pulumi.Output<SharedMesh>;
}

/** Clouds name what they make; in a cluster, and on this host, names are known from the mesh alone. */
function idsOf(mesh: RenderedMesh): Record<string, Record<string, pulumi.Output<string>>> {
  const inCloud = [...mesh.nodes].filter(([id]) => mesh.isCloud(id));
  return Object.fromEntries(
    inCloud.map(([id, node]) => {
      const names = node as Names;
      const known = outputs.flatMap((output) =>
        names[output] === undefined ? [] : [[output, names[output]] as const],
      );
      return [id, { id: node.id, ...Object.fromEntries(known) }];
    }),
  );
}
