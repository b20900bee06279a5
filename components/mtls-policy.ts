import * as pulumi from "@pulumi/pulumi";
import type { MtlsPolicyArgs } from "./args";
import { attach, nodeOf, outputFrom, requireBoard } from "./attach";

/** Which connections a workload takes: mutual TLS, plain text, or both. Made with `{ parent: mesh }`. */
export class MtlsPolicy extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MtlsPolicy";
  /** Name of the policy. */
  public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the policy. */
  public readonly namespace: pulumi.Output<string>;
  /** STRICT, PERMISSIVE or DISABLE. */
  public readonly mode: pulumi.Output<string>;
  /** URNs of what was made for it, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MtlsPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MtlsPolicy", name, opts);
    super(MtlsPolicy.__pulumiType, name, {}, opts);
    const self = attach(this, "mtls", name, args, opts);
    this.name = outputFrom(self, ({ item }) => item.name);
    this.namespace = outputFrom(self, ({ item }) => item.namespace);
    this.mode = outputFrom(self, ({ item }) => item.mode);
    this.resources = outputFrom(self, ({ mesh, nodes }) => mesh.urnsOf(nodes));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      mode: this.mode,
      resources: this.resources,
    });
  }

  /** A resource that was made for it, by its id: `PeerAuthentication/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
