import * as pulumi from "@pulumi/pulumi";
import type { MeshServiceArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** One service: what clients call, the versions behind it, and how it is treated. Made with `{ parent: mesh }`. */
export class MeshService extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MeshService";
  /** Name of the service. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the service. */
  declare public readonly namespace: pulumi.Output<string>;
  /** Where clients call it: a DNS name in a cluster, address and port on this host. */
  declare public readonly address: pulumi.Output<string>;
  /** Its versions, in the order written. */
  declare public readonly versions: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MeshServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MeshService", name, opts);
    super(MeshService.__pulumiType, name, {}, opts);
    const self = attach(this, "service", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        address: ({ mesh, item }) => mesh.address(item),
        versions: ({ item }) => item.versions.map((version) => version.name),
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `Service/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
