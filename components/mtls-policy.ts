import * as pulumi from "@pulumi/pulumi";
import type { MtlsPolicyArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** Which connections a workload takes: mutual TLS, plain text, or both. Made with `{ parent: mesh }`. */
export class MtlsPolicy extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:MtlsPolicy";
  /** Name of the policy. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the policy. */
  declare public readonly namespace: pulumi.Output<string>;
  /** STRICT, PERMISSIVE or DISABLE. */
  declare public readonly mode: pulumi.Output<string>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MtlsPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("MtlsPolicy", name, opts);
    super(MtlsPolicy.__pulumiType, name, {}, opts);
    const self = attach(this, "mtls", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        mode: ({ item }) => item.mode,
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `PeerAuthentication/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
