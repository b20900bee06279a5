import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import {
  Mesh,
  type MeshArgs,
  type MeshRouteArgs,
  MeshRoute,
  MeshService,
  type MeshServiceArgs,
  MtlsPolicy,
} from "../../components";
import { run, shortUrn } from "./support/program";

const specFile = join("examples", "mesh-up", "mesh.yaml");
const document = load(readFileSync(specFile, "utf8")) as {
  metadata: { name: string; namespace: string };
  spec: {
    trustDomain: string;
    mtls: MeshArgs["mtls"];
    backends?: MeshArgs["backends"];
    services: MeshServiceArgs[];
    routes: MeshRouteArgs[];
    policies: NonNullable<MeshArgs["policies"]>;
  };
};
const { spec, metadata } = document;

const fromFile = (backend: MeshArgs["backend"]) => () => new Mesh("mesh-up", { backend, specFile });
const fromArgs = (backend: MeshArgs["backend"]) => () =>
  new Mesh("mesh-up", { backend, namespace: metadata.namespace, ...spec });
const fromPieces = (backend: MeshArgs["backend"]) => () => {
  const mesh = new Mesh("mesh-up", {
    backend,
    namespace: metadata.namespace,
    trustDomain: spec.trustDomain,
    mtls: spec.mtls,
    backends: spec.backends,
  });
  for (const { name = "", ...args } of spec.services) new MeshService(name, args, { parent: mesh });
  for (const { name = "", ...args } of spec.routes) new MeshRoute(name, args, { parent: mesh });
  for (const { name = "", ...args } of spec.policies.mtls ?? []) new MtlsPolicy(name, args, { parent: mesh });
};

describe.each(["istio", "proxy"] as const)("the mesh app on %s", (backend) => {
  it("has the same URNs, inputs and dependencies from a file, from arguments and from pieces", async () => {
    const [file, args, pieces] = [
      await run(fromFile(backend)),
      await run(fromArgs(backend)),
      await run(fromPieces(backend)),
    ];
    const about = (from: typeof file) =>
      from.map(({ urn, inputs, dependencies }) => ({ urn, inputs: { ...inputs, directory: "" }, dependencies }));
    expect(about(args)).toEqual(about(pieces));
    expect(about(file)).toEqual(about(pieces));
    expect(file.length).toBeGreaterThan(4);
  });
});

it("puts each resource below the piece that owns it", async () => {
  const made = await run(fromPieces("istio"));
  expect(made.map(({ urn }) => shortUrn(urn))).toMatchInlineSnapshot(`
   [
     "Mesh::mesh-up",
     "Mesh$MeshService::mesh-service",
     "Mesh$MeshRoute::mesh-virtualservice",
     "Mesh$MtlsPolicy::mesh-peerauthentication",
     "Mesh$kubernetes:core/v1:Namespace::mesh-namespace",
     "MeshService$kubernetes:core/v1:ServiceAccount::mesh-namespace/mesh-app",
     "Mesh$kubernetes:security.istio.io/v1:PeerAuthentication::mesh-namespace/default",
     "MtlsPolicy$kubernetes:security.istio.io/v1:PeerAuthentication::mesh-namespace/mesh-peerauthentication",
     "MeshService$kubernetes:core/v1:Service::mesh-namespace/mesh-service",
     "MeshService$kubernetes:networking.istio.io/v1:DestinationRule::mesh-namespace/mesh-service",
     "MeshService$kubernetes:apps/v1:Deployment::mesh-namespace/mesh-deployment",
     "MeshService$kubernetes:apps/v1:Deployment::mesh-namespace/mesh-deployment-v2",
     "MeshService$kubernetes:networking.istio.io/v1:DestinationRule::mesh-namespace/mesh-service.v1",
     "MeshService$kubernetes:networking.istio.io/v1:DestinationRule::mesh-namespace/mesh-service.v2",
     "MeshRoute$kubernetes:networking.istio.io/v1:VirtualService::mesh-namespace/mesh-virtualservice",
   ]
  `);
});
