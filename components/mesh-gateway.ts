import * as pulumi from "@pulumi/pulumi";
import type { MeshGatewayArgs } from "./args";
import { attach, nodeOf, outputFrom, requireBoard } from "./attach";

/** A door from outside: routes attach to its listeners. Made with `{ parent: mesh }`. */
export class MeshGateway extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MeshGateway";
  /** Name of the gateway. */
  public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the gateway. */
  public readonly namespace: pulumi.Output<string>;
  /** Names of its listeners, in the order written. */
  public readonly listeners: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MeshGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MeshGateway", name, opts);
    super(MeshGateway.__pulumiType, name, {}, opts);
    const self = attach(this, "gateway", name, args, opts);
    this.name = outputFrom(self, ({ item }) => item.name);
    this.namespace = outputFrom(self, ({ item }) => item.namespace);
    this.listeners = outputFrom(self, ({ item }) => item.listeners.map((listener) => listener.name));
    this.resources = outputFrom(self, ({ mesh, nodes }) => mesh.urnsOf(nodes));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      listeners: this.listeners,
      resources: this.resources,
    });
  }

  /** A resource that was made for it, by its id: `Gateway/edge/public`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
