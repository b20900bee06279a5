import * as pulumi from "@pulumi/pulumi";
import type { MeshRouteArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** Where the requests to a name go. Made with `{ parent: mesh }`. */
export class MeshRoute extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MeshRoute";
  /** Name of the route. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the route. */
  declare public readonly namespace: pulumi.Output<string>;
  /** Names it answers to besides its services' own. */
  declare public readonly hostnames: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MeshRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MeshRoute", name, opts);
    super(MeshRoute.__pulumiType, name, {}, opts);
    const self = attach(this, "route", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        hostnames: ({ item }) => [...item.hostnames],
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `VirtualService/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
