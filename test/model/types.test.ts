import { fromObject, loadMesh, type MeshDocument, writeDocument } from "../../src/model";

/** `npm run typecheck` checks this file too: what the types take and what the loader takes is one thing. */
const document: MeshDocument = {
  apiVersion: "meshup/v1",
  kind: "Mesh",
  metadata: { name: "mesh-up", namespace: "mesh-namespace" },
  spec: {
    namespaces: [{ name: "shop", create: true }],
    backends: {
      istio: { version: "1.30", accept: [{ feature: "loadBalancing.peakEwma", reason: "few callers" }] },
      "vpc-lattice": { vpcId: "vpc-1" },
    },
    services: [
      {
        name: "cart",
        namespace: "shop",
        calls: ["payment", { service: "rates", required: false }, { name: "payment", namespace: "bank" }].slice(0, 2),
        ports: [{ name: "grpc", port: 80, targetPort: 8080, protocol: "grpc", mtls: "STRICT", serverFirst: false }],
        versions: [{ name: "v1", labels: { version: "v1" }, workload: { template: {} } }],
      },
      { name: "payment", ports: [{ port: 80 }] },
      { name: "web", ports: [{ port: 80 }] },
    ],
    externalServices: [
      { name: "rates", hosts: ["api.rates.example"], ports: [{ port: 443 }], tls: { mode: "SIMPLE" } },
    ],
    gateways: [
      {
        name: "public",
        namespace: "edge",
        listeners: [{ name: "https", port: 443, protocol: "https", tls: { certificateRef: "shop-certificate" } }],
      },
    ],
    routes: [
      {
        name: "cart",
        parents: [
          { gateway: "public", listener: "https" },
          { service: { name: "cart", namespace: "shop" }, port: 80 },
        ],
        hostnames: ["shop.example"],
        grpc: [{ matches: [{ service: "shop.Cart", method: "Add" }], backends: [{ service: "cart", version: "v1" }] }],
      },
    ],
    egress: { mode: "REGISTRY_ONLY" },
    policies: {
      mtls: [{ name: "cart", target: { service: "cart" }, mode: "STRICT", ports: { 8080: "DISABLE" } }],
      authorization: [
        {
          name: "cart",
          target: { service: "cart" },
          action: "ALLOW",
          rules: [{ from: [{ service: "web" }], to: [{ methods: ["POST"], paths: ["/cart/*"] }] }],
        },
      ],
    },
  },
};

describe("a mesh in TypeScript", () => {
  it("is a mesh in YAML", () => {
    const { model, findings } = fromObject(document);
    expect(findings).toEqual([]);
    expect(loadMesh(writeDocument(document)).model).toEqual(model);
  });

  it("puts routes and policies where what they are for is", () => {
    const { model } = fromObject(document);
    expect(model?.policies.mtls[0]).toMatchObject({
      namespace: "shop",
      target: { service: { name: "cart", namespace: "shop" } },
    });
    expect(model?.policies.authorization[0]?.rules[0]?.from[0]?.services).toEqual([
      { name: "web", namespace: "mesh-namespace" },
    ]);
    expect(model?.routes[0]?.namespace).toBe("edge");
    expect(model?.namespaces.map(({ name, create }) => [name, create])).toEqual([
      ["mesh-namespace", true],
      ["shop", true],
      ["edge", false],
    ]);
  });

  it("is refused by the compiler where the loader refuses it", () => {
    const wrong: MeshDocument[] = [
      // @ts-expect-error no such mode
      { ...document, spec: { mtls: { mode: "STRIKT" } } },
      // @ts-expect-error no such key
      { ...document, spec: { trustDomian: "x" } },
      // @ts-expect-error ports are needed
      { ...document, spec: { services: [{ name: "a" }] } },
      // @ts-expect-error a share is a number or a percentage
      { ...document, spec: { telemetry: { tracing: { sampling: true } } } },
    ];
    for (const each of wrong) expect(fromObject(each).findings).toHaveLength(1);
  });
});
