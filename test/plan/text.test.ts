import { parse, parseAllDocuments } from "yaml";
import { ref, toFiles, toJson, toPulumiYaml, toYaml } from "../../src/plan";
import { plan, resource } from "./support";

const release = resource("Release/istio-system/istiod", [], {
  type: "kubernetes:helm.sh/v3:Release",
  name: "istio-system/istiod",
  properties: {
    name: "istiod",
    chart: "istiod",
    version: "1.30.0",
    namespace: "istio-system",
    repositoryOpts: { repo: "https://charts.example" },
    values: { meshConfig: { trustDomain: "cluster.local" } },
  },
});
const bucket = resource("Mesh/shop", [], {
  type: "aws:appmesh/mesh:Mesh",
  name: "shop",
  provider: "aws",
  properties: { spec: { text: "costs ${5}" } },
});
const node = resource("VirtualNode/shop/cart", ["Mesh/shop"], {
  type: "aws:appmesh/virtualNode:VirtualNode",
  name: "shop/cart",
  provider: "aws",
  properties: { meshName: ref("Mesh/shop", "name") },
  protect: true,
});

describe("a Plan as manifests", () => {
  it("begins every document with apiVersion, kind and metadata", () => {
    const odd = resource("x", [], {
      properties: { spec: { b: 1, a: 2 }, metadata: { name: "x" }, kind: "K", apiVersion: "v1" },
    });
    expect(toYaml(plan(odd))).toBe("---\napiVersion: v1\nkind: K\nmetadata:\n  name: x\nspec:\n  b: 1\n  a: 2\n");
  });

  it("quotes what readers of YAML 1.1 would take for something else than text", () => {
    const env = resource("x", [], {
      properties: { metadata: {}, data: { a: "on", b: "yes", c: "1e3", d: "012", e: "12:30" } },
    });
    expect(parse(toYaml(plan(env)), { version: "1.1" })).toEqual({
      metadata: {},
      data: { a: "on", b: "yes", c: "1e3", d: "012", e: "12:30" },
    });
  });

  it("writes what to wait for where Pulumi's provider reads it", () => {
    const waiting = resource("x", [], { waitFor: "condition=Programmed" });
    expect(parse(toYaml(plan(waiting)))).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Programmed" } },
    });
  });

  it("gives a Helm release as the command to run at its place", () => {
    const text = toYaml(plan(release, resource("x")));
    expect(text).toContain(
      "# helm upgrade --install istiod istiod --repo https://charts.example --version 1.30.0 --namespace istio-system --create-namespace --wait --values - <<'VALUES'\n# meshConfig:\n#   trustDomain: cluster.local\n# VALUES\n",
    );
    expect(parseAllDocuments(text).map((document) => document.toJS() as unknown)).toEqual([null, expect.anything()]);
  });

  it("refuses what only an engine can know", () => {
    const later = resource("x", [], { properties: { data: { image: Promise.resolve("a") } } });
    expect(() => toYaml(plan(later))).toThrow("x holds a value known only at deployment");
    const reading = resource("x", [], { properties: { data: ref("y", "id") } });
    expect(() => toYaml(plan(resource("y"), reading))).toThrow("x reads id of y, which only an engine can know");
  });

  it("is one List in JSON, with nothing left out", () => {
    const list = JSON.parse(toJson(plan(release, resource("x")))) as { kind: string; items: { kind: string }[] };
    expect([list.kind, ...list.items.map(({ kind }) => kind)]).toEqual(["List", "Release", "ConfigMap"]);
  });
});

describe("a Plan as files", () => {
  it("numbers them in the order to apply", () => {
    const late = resource("ConfigMap/shop/b", ["ConfigMap/shop/a"], { name: "shop/b" });
    const early = resource("ConfigMap/shop/a", [], { name: "shop/a" });
    expect(toFiles(plan(late, early)).map(({ name }) => name)).toEqual([
      "01-configmap-shop-a.yaml",
      "02-configmap-shop-b.yaml",
    ]);
    expect(toFiles(plan(early), "json")[0]?.name).toBe("01-configmap-shop-a.json");
  });

  it("sorts by name as it sorts by number, however many", () => {
    const many = Array.from({ length: 101 }, (_, n) => resource(`ConfigMap/x/${n}`));
    const names = toFiles(plan(...many)).map(({ name }) => name);
    expect([...names].sort()).toEqual(names);
    expect(new Set(names).size).toBe(101);
  });

  it("keeps Helm's values from kubectl, with the command in the first line", () => {
    const [file] = toFiles(plan(release));
    expect(file?.name).toBe("01-release-istio-system-istiod.values");
    expect(file?.text).toMatch(/^# helm upgrade .* --values 01-release-istio-system-istiod.values\nmeshConfig:\n/);
  });

  it("is one program where a cluster would not take it", () => {
    expect(toFiles(plan(bucket)).map(({ name }) => name)).toEqual(["Pulumi.yaml"]);
    expect(toYaml(plan(bucket))).toBe(toPulumiYaml(plan(bucket)));
  });
});

describe("a Plan as a Pulumi YAML program", () => {
  it("interpolates references, escapes what looks like one, and keeps names and options", () => {
    expect(parse(toPulumiYaml(plan(node, bucket)))).toEqual({
      name: "meshup-test",
      runtime: "yaml",
      description: "Rendered by MeshUp for test",
      resources: {
        "Mesh-shop": { type: "aws:appmesh/mesh:Mesh", name: "shop", properties: { spec: { text: "costs $${5}" } } },
        "VirtualNode-shop-cart": {
          type: "aws:appmesh/virtualNode:VirtualNode",
          name: "shop/cart",
          properties: { meshName: "${Mesh-shop.name}" },
          options: { dependsOn: ["${Mesh-shop}"], protect: true },
        },
      },
    });
  });

  it("gives custom resources the provider's own type for them", () => {
    const types = ["gateway.networking.k8s.io/v1:HTTPRoute", "apps/v1:Deployment", "rbac.authorization.k8s.io/v1:Role"];
    const resources = types.map((type, n) => resource(`${n}`, [], { type: `kubernetes:${type}` }));
    const program = parse(toPulumiYaml(plan(...resources))) as { resources: Record<string, { type: string }> };
    expect(Object.values(program.resources).map(({ type }) => type)).toEqual([
      "kubernetes:apiextensions.k8s.io:CustomResource",
      "kubernetes:apps/v1:Deployment",
      "kubernetes:rbac.authorization.k8s.io/v1:Role",
    ]);
  });

  it("tells apart what would be called the same", () => {
    const program = parse(toPulumiYaml(plan(resource("a/b"), resource("a.b")))) as { resources: object };
    expect(Object.keys(program.resources)).toEqual(["a-b", "a-b-2"]);
  });

  it("refuses what runs on this host", () => {
    expect(() => toPulumiYaml(plan(resource("x", [], { provider: "host" })))).toThrow("x is for this host");
  });
});
