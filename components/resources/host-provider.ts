import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { apply, connect, Problem, type Status } from "../../src/host";
import { fromObject, keyOf } from "../../src/model";
import type { HostMeshInputs } from "./host-mesh";

/** The operations behind `HostMesh`, loaded by the engine's dynamic provider: each talks to the mesh's supervisor. */
interface State extends HostMeshInputs {
  readonly addresses?: Readonly<Record<string, string>>;
}

const addressesOf = (document: unknown, status: Status | undefined): Readonly<Record<string, string>> => {
  // The supervisor tells services in the model's order, by their bare names.
  const services = fromObject(document).model?.services ?? [];
  return Object.fromEntries(services.map((service, index) => [keyOf(service), status?.services[index]?.address ?? ""]));
};

/** Findings as one message: the engine shows it as the resource's error. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const lines = error.findings.map(({ code, path, message, remedy }) =>
      [`${code} ${path === "" ? "" : `${path}: `}${message}.`, remedy].join(" "),
    );
    throw new Error(lines.join("\n"));
  }
}

const up = ({ name, directory, document }: HostMeshInputs): Promise<State> =>
  told(async () => ({ name, directory, document, addresses: addressesOf(document, await apply(document, directory)) }));

export const provider: Required<Omit<pulumi.dynamic.ResourceProvider<HostMeshInputs, State>, "check" | "configure">> = {
  /** Only what the mesh is made of counts: how the provider is written in the state does not. */
  diff: (_id, olds, news) =>
    Promise.resolve({
      changes: !(["name", "directory", "document"] as const).every((key) => isDeepStrictEqual(olds[key], news[key])),
      replaces: olds.name === news.name ? [] : ["name"],
      deleteBeforeReplace: true,
    }),
  create: async (inputs) => ({ id: inputs.name, outs: await up(inputs) }),
  update: async (_id, _olds, news) => ({ outs: await up(news) }),
  /** A mesh that does not run is down: after a restart of this host, say. */
  delete: async (_id, { name }) => (await connect(name))?.down(),
  /** A mesh that no longer runs is gone, so that the next update brings it up again. */
  read: async (id, props) => {
    const status = await (await connect(id))?.status();
    if (status === undefined || props === undefined) return {};
    return { id, props: { ...props, addresses: addressesOf(props.document, status) } };
  },
};
