import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Mesh, MeshRoute, MeshService } from "../../components";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";
import { pieces, route, service, whole } from "./support/pulumi-programs";

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly provider?: string;
  readonly inputs?: { readonly metadata?: { readonly annotations?: object } };
}
const resourcesIn = (state: { readonly text: string }): readonly StateResource[] =>
  (JSON.parse(state.text) as { resources?: StateResource[] }).resources ?? [];
const isKubernetes = ({ type }: StateResource): boolean => /^kubernetes:/.test(type);

describePart("a stack on the real engine", ["pulumi"], ({ pulumi: cli }) => {
  let engine: PulumiEngine;
  beforeAll(() => {
    engine = new PulumiEngine(cli);
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
  });
  afterAll(() => engine.close());

  it("brings a mesh up on this host, changes nothing, moves weights as one change, and destroys it all", async () => {
    const stack = await engine.stack("dev", pieces("proxy", 0));
    const first = await stack.up();
    expect(first).toMatchObject({ ok: true, errors: "" });
    const { services } = first.outputs as { services: Record<string, { address: string }> };
    const address = services["shop/echo"]?.address ?? "";
    const call = async (): Promise<number> => (await fetch(`http://${address}/hello`)).status;
    expect(await call()).toBe(200);

    expect((await stack.up()).steps).toEqual({ same: expect.any(Array) });
    const moved = await stack.up(pieces("proxy", 50));
    expect({ ok: moved.ok, update: moved.steps.update }).toEqual({
      ok: true,
      update: ["pulumi-nodejs:dynamic/meshup:HostMesh::engine"],
    });
    expect(Object.keys(moved.steps).sort()).toEqual(["same", "update"]);
    expect(await call()).toBe(200);
    expect((await stack.state()).text).not.toMatch(/PRIVATE KEY/);

    // The other form of the same mesh is the same to the engine.
    expect((await stack.up(whole("proxy", 50))).steps).toEqual({ same: expect.any(Array) });

    expect((await stack.destroy()).ok).toBe(true);
    expect((await stack.state()).urns).toEqual([]);
    await expect(call()).rejects.toThrow();
  });

  it("previews the same program as Istio, with the same URNs in both forms", async () => {
    const stack = await engine.stack("staging", pieces("istio", 0));
    const [one, other] = [await stack.preview(), await stack.preview(whole("istio", 0))];
    expect(one).toMatchObject({ ok: true, errors: "" });
    expect([...other.urns].sort()).toEqual([...one.urns].sort());
    expect(one.steps.create).toContain("kubernetes:networking.istio.io/v1:VirtualService::shop/echo");
  });

  it("switches a live stack from this host to Istio and back: the pieces stay, what they are made of is exchanged", async () => {
    const stack = await engine.stack("switched", pieces("proxy", 0));
    const first = await stack.up();
    expect(first).toMatchObject({ ok: true, errors: "" });
    const { services } = first.outputs as { services: Record<string, { address: string }> };
    const call = async (): Promise<number> => (await fetch(`http://${services["shop/echo"]?.address}/`)).status;
    expect(await call()).toBe(200);

    const there = await stack.up(pieces("istio", 0));
    expect(there).toMatchObject({ ok: true, errors: "" });
    const own = (steps: readonly string[] = []): string[] =>
      steps.filter((one) => !one.startsWith("pulumi:providers:"));
    expect(own(there.steps.delete)).toEqual(["pulumi-nodejs:dynamic/meshup:HostMesh::engine"]);
    expect(there.steps.create).toContain("kubernetes:networking.istio.io/v1:VirtualService::shop/echo");
    expect(there.steps.same).toEqual(
      expect.arrayContaining(["meshup:index:Mesh::engine", "meshup:index:MeshService::echo"]),
    );
    expect(Object.keys(there.steps).sort()).toEqual(["create", "delete", "same"]);
    await expect(call()).rejects.toThrow();

    const back = await stack.up(pieces("proxy", 0));
    expect({ ok: back.ok, create: own(back.steps.create) }).toEqual({
      ok: true,
      create: ["pulumi-nodejs:dynamic/meshup:HostMesh::engine"],
    });
    expect(resourcesIn(await stack.state()).filter(isKubernetes)).toEqual([]);
    expect((await stack.destroy()).ok).toBe(true);
  });

  it("hands the mesh's providers and transforms to everything below it, and tells each resource's own URN", async () => {
    const stack = await engine.stack("options", () => {
      const cluster = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
      const marked: pulumi.ResourceTransform = ({ type, props, opts }) => {
        if (!type.endsWith(":VirtualService")) return undefined;
        const { metadata, ...rest } = props as { metadata: object };
        return { props: { ...rest, metadata: { ...metadata, annotations: { owner: "checkout" } } }, opts };
      };
      const mesh = new Mesh(
        "engine",
        { backend: "istio", namespace: "shop" },
        { providers: [cluster], transforms: [marked] },
      );
      const echo = new MeshService("echo", service, { parent: mesh });
      new MeshRoute("echo", route(0), { parent: mesh });
      return Promise.resolve({ all: mesh.resources, own: echo.resources });
    });
    const made = await stack.up();
    expect(made).toMatchObject({ ok: true, errors: "" });
    const resources = resourcesIn(await stack.state()).filter(isKubernetes);
    expect(resources.length).toBeGreaterThan(5);
    for (const { urn, provider } of resources)
      expect({ urn, provider }).toEqual({ urn, provider: expect.stringContaining("kubernetes::cluster::") });
    const marks = resources.filter(({ inputs }) => inputs?.metadata?.annotations !== undefined);
    expect(marks.map(({ type }) => type.split(":").at(-1))).toContain("VirtualService");
    expect(marks.every(({ type }) => type.endsWith(":VirtualService"))).toBe(true);

    const { all, own } = made.outputs as Record<"all" | "own", Record<string, string>>;
    expect(Object.values(all).sort()).toEqual(resources.map(({ urn }) => urn).sort());
    expect(own["Service/shop/echo"]).toBe(
      "urn:pulumi:options::mesh-up::meshup:index:Mesh$meshup:index:MeshService$kubernetes:core/v1:Service::shop/echo",
    );
    expect((await stack.up()).steps).toEqual({ same: expect.any(Array) });
    expect((await stack.destroy()).ok).toBe(true);
  });
});
