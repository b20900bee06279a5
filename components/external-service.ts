import * as pulumi from "@pulumi/pulumi";
import type { ExternalServiceArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** Something outside the mesh that its services call by name. Made with `{ parent: mesh }`. */
export class ExternalService extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:ExternalService";
  /** Name of the external service. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the external service. */
  declare public readonly namespace: pulumi.Output<string>;
  /** Host names that clients call. */
  declare public readonly hosts: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ExternalServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("ExternalService", name, opts);
    super(ExternalService.__pulumiType, name, {}, opts);
    const self = attach(this, "external", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        hosts: ({ item }) => [...item.hosts],
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `ServiceEntry/shop/rates`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
