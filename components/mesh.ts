import * as pulumi from "@pulumi/pulumi";
import { keyOf, type Model } from "../src/model/model";
import type {
  AuthorizationPolicyArgs,
  ExternalServiceArgs,
  MeshArgs,
  MeshGatewayArgs,
  MeshRouteArgs,
  MeshServiceArgs,
  MtlsPolicyArgs,
  SharedMesh,
} from "./args";
import { keepNodes, nodeOf, openBoard, outputFrom } from "./attach";
import { AuthorizationPolicy } from "./authorization-policy";
import { Board } from "./board";
import { compile } from "./compile";
import { type MeshCost, priceMesh } from "./cost";
import { readCosting } from "./costing";
import { ExternalService } from "./external-service";
import { levelsFor } from "./levels";
import { MeshGateway } from "./mesh-gateway";
import { MeshRoute } from "./mesh-route";
import { MeshService } from "./mesh-service";
import { MtlsPolicy } from "./mtls-policy";
import type { Kind } from "./pieces";
import { type Compile, type RenderedMesh, renderMesh } from "./render";
import { readSettings } from "./settings";
import { exportOf } from "./sharing/export";
import { fromStack } from "./sharing/import";

/** What became of one service of a mesh. */
export interface MeshServiceInfo {
  /** Name that clients call. */
  name: string;
  /** Kubernetes namespace. */
  namespace: string;
  /** Where clients call it: a DNS name in a cluster, address and port on this host. */
  address: string;
  /** Ports that it serves. */
  ports: number[];
  /** Its versions, in the order written. */
  versions: string[];
}

/** Something the checks had to say about a mesh, short of an error. */
export interface MeshFinding {
  /** Stable code, as in `meshup validate`. */
  code: string;
  /** warning or info. */
  level: string;
  /** Where, relative to the mesh's spec. */
  path: string;
  /** What is the matter. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

/**
 * A service mesh on any backend. Its content comes from its arguments, from a mesh.yaml, or from pieces made with
 * `{ parent: mesh }`; all three make the same components, so that moving from one to another changes no URN.
 */
export class Mesh extends pulumi.ComponentResource {
  static readonly __pulumiType = "meshup:index:Mesh";
  /** Name of the mesh. */
  public readonly name: pulumi.Output<string>;
  /** Namespace of what names none. */
  public readonly namespace: pulumi.Output<string>;
  /** What it runs on. */
  public readonly backend: pulumi.Output<string>;
  /** SPIFFE trust domain of every identity. */
  public readonly trustDomain: pulumi.Output<string>;
  /** Its services, by namespace/name. */
  public readonly services: pulumi.Output<Record<string, MeshServiceInfo>>;
  /** What the checks had to say, short of an error. */
  public readonly findings: pulumi.Output<MeshFinding[]>;
  /** What it costs a month by component, as estimated from the model and the usage that is known. */
  public readonly cost: pulumi.Output<MeshCost>;
  /** URNs of everything that was made, by id. */
  public readonly resources: pulumi.Output<Record<string, string>>;
  /** What another stack needs to add to this mesh: export it, and read it there with `Mesh.fromStack`. */
  public readonly export: pulumi.Output<SharedMesh>;

  constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = readSettings(name, args);
    const costing = readCosting(name, settings.backend, args.cost, settings.spec);
    super(Mesh.__pulumiType, name, {}, opts);
    const levels = levelsFor(settings.directory);
    const compiler: Compile = (document, backend, settle) => compile(document, backend, levels, settle);
    const price = (model: Model) => priceMesh(this, model, settings, costing);
    const board = new Board((entries) => renderMesh(this, settings, entries, compiler, price));
    openBoard(this, board);
    for (const { kind, name, data } of settings.pieces) makePiece[kind](name, data, { parent: this });

    const { rendered } = board;
    keepNodes(
      this,
      rendered.then((mesh) => mesh.nodes),
    );
    this.name = outputFrom(rendered, ({ model }) => model.name);
    this.namespace = outputFrom(rendered, ({ model }) => model.namespace);
    this.backend = pulumi.output(settings.backend);
    this.trustDomain = outputFrom(rendered, ({ model }) => model.trustDomain);
    this.services = outputFrom(rendered, servicesOf);
    this.findings = outputFrom(rendered, ({ findings }) =>
      findings.map(({ code, level, path, message, remedy }) => ({ code, level, path, message, remedy })),
    );
    this.cost = outputFrom(rendered, ({ cost }) => cost);
    this.resources = outputFrom(rendered, (mesh) => mesh.urnsOf(mesh.nodes));
    this.export = outputFrom(rendered, (mesh) => exportOf(mesh, settings.backend, settings.shared));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      backend: this.backend,
      trustDomain: this.trustDomain,
      services: this.services,
      findings: this.findings,
      cost: this.cost,
      resources: this.resources,
      export: this.export,
    });
  }

  /**
   * The mesh that another stack exports (`export const mesh = platform.export`), as plain data to pass as `shared`. Await it before
   * anything of the mesh is made. Rejects where the stack exports no mesh, or one of another release's format.
   * @param stack organization/project/stack, or a reference to it that the program has already.
   * @param output name of the output; default mesh.
   */
  static fromStack(stack: string | pulumi.StackReference, output = "mesh"): Promise<SharedMesh> {
    return fromStack(stack, output);
  }

  /** Any resource of the mesh, by its id: `VirtualService/shop/cart`. Rejects, with the ids, where there is none. */
  node(id: string): Promise<pulumi.CustomResource> {
    return nodeOf(this, id);
  }
}

/** The listed pieces as components. What is listed came from YAML or from typed arguments; the loader checks both. */
const makePiece: Readonly<Record<Kind, (name: string, data: object, opts: pulumi.ComponentResourceOptions) => object>> =
  {
    service: (name, data, opts) => new MeshService(name, data as MeshServiceArgs, opts),
    external: (name, data, opts) => new ExternalService(name, data as ExternalServiceArgs, opts),
    gateway: (name, data, opts) => new MeshGateway(name, data as MeshGatewayArgs, opts),
    route: (name, data, opts) => new MeshRoute(name, data as MeshRouteArgs, opts),
    mtls: (name, data, opts) => new MtlsPolicy(name, data as MtlsPolicyArgs, opts),
    authorization: (name, data, opts) => new AuthorizationPolicy(name, data as AuthorizationPolicyArgs, opts),
  };

const servicesOf = (mesh: RenderedMesh): pulumi.Output<Record<string, MeshServiceInfo>> =>
  pulumi.all(
    Object.fromEntries(
      mesh.model.services
        .filter((service) => mesh.isOwn(service))
        .map((service) => [
          keyOf(service),
          pulumi.output(mesh.address(service)).apply((address) => ({
            name: service.name,
            namespace: service.namespace,
            address,
            ports: service.ports.map(({ port }) => port),
            versions: service.versions.map(({ name }) => name),
          })),
        ]),
    ),
  );
