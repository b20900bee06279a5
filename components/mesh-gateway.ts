import * as pulumi from "@pulumi/pulumi";
import type { MeshGatewayArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** A door from outside: routes attach to its listeners. Made with `{ parent: mesh }`. */
export class MeshGateway extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MeshGateway";
  /** Name of the gateway. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the gateway. */
  declare public readonly namespace: pulumi.Output<string>;
  /** Names of its listeners, in the order written. */
  declare public readonly listeners: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MeshGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MeshGateway", name, opts);
    super(MeshGateway.__pulumiType, name, {}, opts);
    const self = attach(this, "gateway", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        listeners: ({ item }) => item.listeners.map((listener) => listener.name),
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `Gateway/edge/public`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
