import * as pulumi from "@pulumi/pulumi";
import {
  AuthorizationPolicy,
  type Backend,
  Mesh,
  MeshGateway,
  MeshRoute,
  MeshService,
  type SharedMesh,
} from "../../components";
import { compile } from "../../components/compile";
import { toDocument } from "../../components/document";
import { compileWithOwner, ownersDocument } from "../../components/sharing/compile";
import { type Registration, run, shortUrn } from "./support/program";

const version = (image: pulumi.Input<string>) => ({
  name: "v1",
  workload: {
    serviceAccount: "cart",
    container: { image, port: 8080, env: { TOKEN: pulumi.secret("hunter2") } },
    template: { spec: { nodeName: "n1" } },
  },
});
const ports = [{ port: 80, targetPort: 8080 }];
/** The platform team's mesh: one service, one door. */
const platform = (backend: Backend) => () => {
  const settings = backend === "vpc-lattice" ? { vpcId: "vpc-0a1b2c3d4e5f60718" } : {};
  const accept = ["mtls.permissive", "gateway", "gateway.routes"].map((feature) => ({ feature, reason: "a test" }));
  const mesh = new Mesh("shop", { backend, namespace: "shop", backends: { [backend]: { settings, accept } } });
  new MeshService("cart", { ports, versions: [version(pulumi.output("cart:1"))] }, { parent: mesh });
  if (backend !== "vpc-lattice")
    new MeshGateway("public", { listeners: [{ port: 80, protocol: "http" }] }, { parent: mesh });
};
const meshOf = (made: readonly Registration[]) => made.find(({ type }) => type === "meshup:index:Mesh");
async function exported(backend: Backend): Promise<SharedMesh> {
  const made = await run(platform(backend), {
    project: "platform",
    stack: "prod",
    outputs: (type) => (type.endsWith(":Service") ? { dnsEntries: [{ domainName: "cart.on.aws" }] } : {}),
  });
  return meshOf(made)?.outputs.export as SharedMesh;
}
const pieces = (made: readonly Registration[]) => made.map(({ urn }) => shortUrn(urn).split("$").at(-1));

beforeEach(() => void jest.spyOn(console, "warn").mockImplementation());

it("a mesh's export is plain: names, services with their owner, and nothing that only runs", async () => {
  const shared = await exported("istio");
  expect(shared).toMatchObject({
    version: 1,
    stack: "organization/platform/prod",
    name: "shop",
    namespace: "shop",
    backend: "istio",
    trustDomain: "cluster.local",
    namespaces: ["shop"],
    services: [{ name: "cart", namespace: "shop", owner: "organization/platform/prod", ports: [80], versions: ["v1"] }],
    ids: {},
  });
  expect(shared.document).toContain("serviceAccount");
  for (const secret of ["hunter2", "cart:1", "TOKEN", "n1"]) expect(JSON.stringify(shared)).not.toContain(secret);
});

describe("another stack", () => {
  const team = async (): Promise<Mesh> => {
    const shared = await Mesh.fromStack("organization/platform/prod");
    const mesh = new Mesh("team", { shared });
    new MeshService("rates", { ports, calls: [{ service: "cart" }], versions: [{ name: "v1" }] }, { parent: mesh });
    new MeshRoute(
      "rates",
      { service: "rates", http: [{ timeout: "2s", backends: [{ service: "rates" }] }] },
      { parent: mesh },
    );
    return mesh;
  };
  const runTeam = async (backend: Backend): Promise<Registration[]> => {
    const stacks = { "organization/platform/prod": { mesh: await exported(backend) } };
    return run(team, { project: "team", stack: "prod", stacks });
  };

  it("makes what is its own, and nothing of the owner's", async () => {
    const made = await runTeam("istio");
    expect(pieces(made)).toMatchInlineSnapshot(`
     [
       "Mesh::team",
       "MeshService::rates",
       "MeshRoute::rates",
       "kubernetes:core/v1:Service::shop/rates",
       "kubernetes:networking.istio.io/v1:DestinationRule::shop/rates.v1",
       "kubernetes:networking.istio.io/v1:DestinationRule::shop/rates",
       "kubernetes:networking.istio.io/v1:VirtualService::shop/rates",
     ]
    `);
    const virtualService = made.find(({ type }) => type.endsWith(":VirtualService"));
    expect(virtualService?.inputs).toMatchObject({ metadata: { name: "rates", namespace: "shop" } });
  });

  it("refers to the owner's resources by the names that they have in their cloud", async () => {
    const made = await runTeam("appmesh");
    const shared = await exported("appmesh");
    const node = made.find(({ type }) => type === "aws:appmesh/virtualNode:VirtualNode");
    expect(node?.inputs.meshName).toBe(shared.ids["appmesh.Mesh/shop"]?.name);
    expect(made.filter(({ name }) => name.includes("cart"))).toEqual([]);
    const lattice = await runTeam("vpc-lattice");
    const association = lattice.find(({ type }) => type.endsWith(":ServiceNetworkServiceAssociation"));
    expect(association?.inputs.serviceNetworkIdentifier).toBe(
      (await exported("vpc-lattice")).ids["vpclattice.ServiceNetwork/shop"]?.id,
    );
  });

  it("tells its own services, and exports all with the owner of each", async () => {
    const outputs = meshOf(await runTeam("vpc-lattice"))?.outputs ?? {};
    expect(Object.keys(outputs.services as object)).toEqual(["shop/rates"]);
    expect((outputs.export as SharedMesh).services).toMatchObject([
      { name: "cart", owner: "organization/platform/prod", address: "cart.on.aws" },
      { name: "rates", owner: "organization/team/prod" },
    ]);
  });

  it("may attach to the owner's gateway, and say who calls the owner's service, where that is a resource of its own", async () => {
    const shared = await exported("istio");
    const made = await run(() => {
      const mesh = new Mesh("team", { shared });
      new MeshService("rates", { ports, versions: [{ name: "v1" }] }, { parent: mesh });
      new MeshRoute(
        "rates",
        {
          parents: [{ gateway: "public" }],
          hostnames: ["rates.example"],
          http: [{ backends: [{ service: "rates" }] }],
        },
        { parent: mesh },
      );
      new AuthorizationPolicy(
        "cart-admin",
        { target: { service: "cart" }, action: "DENY", rules: [{ to: [{ paths: ["/admin*"] }] }] },
        { parent: mesh },
      );
    });
    const policy = made.find(({ type }) => type.endsWith(":AuthorizationPolicy") && type.startsWith("kubernetes:"));
    expect(policy?.name).toBe("shop/cart-admin");
    expect(made.some(({ type }) => type.endsWith(":Gateway"))).toBe(false);
  });

  it("is told where a piece belongs that is folded into the owner's resource", async () => {
    const shared = await exported("appmesh");
    const document = ownersDocument(shared) as { spec: Record<string, unknown[]> };
    const route = { name: "slow-cart", service: "cart", http: [{ timeout: "9s", backends: [{ service: "cart" }] }] };
    const mine = toDocument({ ...document, spec: { ...document.spec, routes: [route] } });
    const { findings } = compileWithOwner(shared, (...of) => compile(of[0], of[1]))(mine, "appmesh");
    expect(findings.filter(({ level }) => level === "error")).toEqual([
      {
        code: "MESH4014",
        level: "error",
        path: "routes[0]",
        message: expect.stringMatching(
          /^on appmesh this is part of .*cart.*, which stack organization\/platform\/prod owns$/,
        ),
        remedy: "Put it into the program of organization/platform/prod, beside the service that it is about.",
      },
    ]);
  });

  it("may not decide what the owner decides", async () => {
    const shared = await exported("istio");
    await run(() => {
      expect(() => new Mesh("team", { shared, backend: "linkerd", mtls: { mode: "STRICT" } })).toThrow(
        "MESH4016: Mesh team adds to the mesh of stack organization/platform/prod, which alone decides mtls, backend.",
      );
      expect(() => new Mesh("team", {})).toThrow("MESH4012: Mesh team has no backend.");
      expect(() => new Mesh("team", { shared: { ...shared, backend: "proxy" } })).toThrow("MESH4015");
    });
  });

  it("is refused a stack without a mesh, or with one of another release", async () => {
    const shared = await exported("istio");
    const from = (outputs: object) =>
      run(() => Mesh.fromStack("o/p/s"), { stacks: { "o/p/s": outputs as Record<string, unknown> } });
    await expect(from({})).rejects.toThrow("MESH4013: Stack o/p/s has no mesh in its output mesh.");
    await expect(from({ mesh: { ...shared, version: 2 } })).rejects.toThrow("in version 2, and this release");
    await expect(from({ mesh: { ...shared, ids: [] } })).rejects.toThrow("ids not as mesh.export tells it");
  });
});
