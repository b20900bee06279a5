import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";
import { pieces, whole } from "./support/pulumi-programs";

describePart("a stack on the real engine", ["pulumi"], ({ pulumi }) => {
  let engine: PulumiEngine;
  beforeAll(() => {
    engine = new PulumiEngine(pulumi);
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
});
