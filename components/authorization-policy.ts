import * as pulumi from "@pulumi/pulumi";
import type { AuthorizationPolicyArgs } from "./args";
import { attach, nodeOf, outputFrom, requireBoard } from "./attach";

/** Who may call what. Made with `{ parent: mesh }`. */
export class AuthorizationPolicy extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:AuthorizationPolicy";
  /** Name of the policy. */
  public readonly name: pulumi.Output<string>;
  /** Kubernetes namespace of the policy. */
  public readonly namespace: pulumi.Output<string>;
  /** ALLOW, DENY or AUDIT. */
  public readonly action: pulumi.Output<string>;
  /** URNs of what was made for it, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AuthorizationPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBoard("AuthorizationPolicy", name, opts);
    super(AuthorizationPolicy.__pulumiType, name, {}, opts);
    const self = attach(this, "authorization", name, args, opts);
    this.name = outputFrom(self, ({ item }) => item.name);
    this.namespace = outputFrom(self, ({ item }) => item.namespace);
    this.action = outputFrom(self, ({ item }) => item.action);
    this.resources = outputFrom(self, ({ mesh, nodes }) => mesh.urnsOf(nodes));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      action: this.action,
      resources: this.resources,
    });
  }

  /** A resource that was made for it, by its id: `AuthorizationPolicy/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}
