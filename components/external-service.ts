import * as pulumi from "@pulumi/pulumi";
import type { ExternalServiceArgs } from "./args";
import { attach, nodeOf, outputFrom, requireBoard } from "./attach";

/** Something outside the mesh that its services call by name. Made with `{ parent: mesh }`. */
export class ExternalService extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:ExternalService";
  /** Name of the external service. */
  public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the external service. */
  public readonly namespace: pulumi.Output<string>;
  /** Host names that clients call. */
  public readonly hosts: pulumi.Output<string[]>;
  /** URNs of what was made for it, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ExternalServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("ExternalService", name, opts);
    super(ExternalService.__pulumiType, name, {}, opts);
    const self = attach(this, "external", name, args, opts);
    this.name = outputFrom(self, ({ item }) => item.name);
    this.namespace = outputFrom(self, ({ item }) => item.namespace);
    this.hosts = outputFrom(self, ({ item }) => [...item.hosts]);
    this.resources = outputFrom(self, ({ mesh, nodes }) => mesh.urnsOf(nodes));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      hosts: this.hosts,
      resources: this.resources,
    });
  }

  /** A resource that was made for it, by its id: `ServiceEntry/shop/rates`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
