import {
  effectiveMtls,
  fromObject,
  type Model,
  principalsOf,
  routesFor,
  versionOf,
  wrote,
  type MtlsPolicySpec,
  type ServicePortSpec,
} from "../../src/model";

function mesh(mtls: MtlsPolicySpec[], port: Partial<ServicePortSpec> = {}): Model {
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "m", namespace: "shop" },
    spec: {
      mtls: { mode: "PERMISSIVE" },
      services: [
        {
          name: "cart",
          ports: [{ port: 80, targetPort: 8080, ...port }],
          versions: [{ name: "v1", workload: { serviceAccount: "cart-sa" } }, { name: "v2" }],
        },
      ],
      routes: [{ name: "r", service: "cart", http: [{ backends: [{ service: "cart" }] }] }],
      policies: { mtls },
    },
  });
  if (model === undefined) throw new Error(JSON.stringify(findings));
  return model;
}
const mode = (model: Model, version?: string) => {
  const [service] = model.services;
  const [port] = service?.ports ?? [];
  if (service === undefined || port === undefined) throw new Error("no service");
  return effectiveMtls(model, service, port, version === undefined ? undefined : versionOf(model, service, version));
};

const ofNamespace: MtlsPolicySpec = { name: "namespace", mode: "STRICT" };
const ofService: MtlsPolicySpec = { name: "service", target: { service: "cart" }, mode: "DISABLE" };

describe("the mTLS mode in force", () => {
  it("is the mesh's without any policy", () => expect(mode(mesh([]))).toBe("PERMISSIVE"));
  it("is the namespace's before the mesh's", () => expect(mode(mesh([ofNamespace]))).toBe("STRICT"));
  it("is the service's before the namespace's", () => expect(mode(mesh([ofNamespace, ofService]))).toBe("DISABLE"));
  it("is the policy's for the port before its own", () =>
    expect(mode(mesh([{ ...ofService, ports: { 8080: "STRICT" } }]))).toBe("STRICT"));
  it("is the port's own before every policy", () =>
    expect(mode(mesh([{ ...ofService, ports: { 8080: "STRICT" } }], { mtls: "PERMISSIVE" }))).toBe("PERMISSIVE"));
  it("is the namespace's for a policy that names only ports", () => {
    const model = mesh([ofNamespace, { name: "p", target: { service: "cart" }, ports: { 8080: "DISABLE" } }]);
    expect(model.policies.mtls[1]?.mode).toBe("STRICT");
    expect(mode(model)).toBe("DISABLE");
  });
  it("of a selector counts for the versions that it selects", () => {
    const model = mesh([{ name: "v1", selector: { version: "v1" }, mode: "STRICT" }]);
    expect([mode(model, "v1"), mode(model, "v2"), mode(model)]).toEqual(["STRICT", "PERMISSIVE", "PERMISSIVE"]);
  });
});

describe("lookups", () => {
  const model = mesh([]);
  it("find routes by what they are attached to", () =>
    expect(routesFor(model, { name: "cart", namespace: "shop" }).map((route) => route.name)).toEqual(["r"]));
  it("name identities by trust domain, namespace and account", () =>
    expect(model.services.map((service) => principalsOf(model, service))).toEqual([
      ["cluster.local/ns/shop/sa/cart-sa"],
    ]));
  it("tell what was written from what is a default", () => {
    expect(wrote(model, "services[0].ports[0].port")).toBe(true);
    expect(wrote(model, "services[0].ports[0].protocol")).toBe(false);
    expect(wrote(model, "services[0].ports[3].port")).toBe(false);
  });
});
