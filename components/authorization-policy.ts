import * as pulumi from "@pulumi/pulumi";
import type { AuthorizationPolicyArgs } from "./args";
import { attach, nodeOf, publish, requireBoard } from "./attach";

/** Who may call what. Made with `{ parent: mesh }`. */
export class AuthorizationPolicy extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:AuthorizationPolicy";
  /** Name of the policy. */
  declare public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the policy. */
  declare public readonly namespace: pulumi.Output<string>;
  /** ALLOW, DENY or AUDIT. */
  declare public readonly action: pulumi.Output<string>;
  /** URNs of what was made for it, by id. */
  declare public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AuthorizationPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("AuthorizationPolicy", name, opts);
    super(AuthorizationPolicy.__pulumiType, name, {}, opts);
    const self = attach(this, "authorization", name, args, opts);
    this.registerOutputs(
      publish(this, self, {
        name: ({ item }) => item.name,
        namespace: ({ item }) => item.namespace,
        action: ({ item }) => item.action,
        resources: ({ mesh, nodes }) => mesh.urnsOf(nodes),
      }),
    );
  }

  /** A resource that was made for it, by its id: `AuthorizationPolicy/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
