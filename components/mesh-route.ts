import * as pulumi from "@pulumi/pulumi";
import type { MeshRouteArgs } from "./args";
import { attach, nodeOf, outputFrom, requireBoard } from "./attach";

/** Where the requests to a name go. Made with `{ parent: mesh }`. */
export class MeshRoute extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MeshRoute";
  /** Name of the route. */
  public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the route. */
  public readonly namespace: pulumi.Output<string>;
  /** Names it answers to besides its services' own. */
  public readonly hostnames: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MeshRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MeshRoute", name, opts);
    super(MeshRoute.__pulumiType, name, {}, opts);
    const self = attach(this, "route", name, args, opts);
    this.name = outputFrom(self, ({ item }) => item.name);
    this.namespace = outputFrom(self, ({ item }) => item.namespace);
    this.hostnames = outputFrom(self, ({ item }) => [...item.hostnames]);
    this.resources = outputFrom(self, ({ mesh, nodes }) => mesh.urnsOf(nodes));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      hostnames: this.hostnames,
      resources: this.resources,
    });
  }

  /** A resource that was made for it, by its id: `VirtualService/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
