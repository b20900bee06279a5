import * as pulumi from "@pulumi/pulumi";

/** What runs on this host: plain data, kept in the state, so it holds no secrets. */
export interface HostMeshInputs {
  readonly name: string;
  /** What commands and paths in the document are relative to. */
  readonly directory: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * The provider as it stands in the state. Pulumi would serialize a closure here, whose text changes with every compiler
 * and release; this text never changes. It finds the package from the project that the engine runs in, and hands over.
 */
const provider = `exports.handler = () =>
  require("module").createRequire(process.cwd() + "/package.json")("meshup/host-provider").provider;`;

/**
 * A mesh on this host: one dynamic resource, because the supervisor applies a mesh as a whole and without a gap.
 */
export class HostMesh extends pulumi.CustomResource {
  static readonly type = "pulumi-nodejs:dynamic/meshup:HostMesh";
  /** Where a plain client calls each service, by namespace/name. */
  declare readonly addresses: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, inputs: HostMeshInputs, opts: pulumi.CustomResourceOptions) {
    super(HostMesh.type, name, { ...inputs, addresses: undefined, __provider: provider }, opts);
  }
}
