import * as pulumi from "@pulumi/pulumi";
import { Mesh, MeshRoute, MeshService, MtlsPolicy } from "../../components";
import { platform } from "../../stacks/platform/program";
import { team } from "../../stacks/team/program";
import { KubernetesApi } from "./support/kubernetes";
import { describePart } from "./support/parts";
import { type EngineStack, PulumiEngine } from "./support/pulumi";
import { pieces, route, service } from "./support/pulumi-programs";

describePart(
  "a stack on the real engine and a real API server",
  ["pulumi", "etcd", "kubeApiserver", "istioCrds"],
  (parts) => {
    let api: KubernetesApi;
    let engine: PulumiEngine;
    let stack: EngineStack;
    beforeAll(async () => {
      api = await KubernetesApi.start(parts);
      engine = new PulumiEngine(parts.pulumi, { KUBECONFIG: api.kubeconfig });
      engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes-api.ts");
      stack = await engine.stack("cluster", pieces("istio", 0));
    });
    afterAll(async () => {
      engine.close();
      await api.stop();
    });

    const weights = async (): Promise<unknown> => {
      const path = "/apis/networking.istio.io/v1/namespaces/shop/virtualservices/echo";
      const { body } = await api.call("GET", path);
      const { http } = body.spec as { http: { route: { weight?: number }[] }[] };
      return http.map(({ route: to }) => to.map(({ weight }) => weight ?? 0));
    };
    const count = async (path: string): Promise<number> => {
      const { status, body } = await api.call("GET", path);
      return status === 200 ? (body.items as unknown[]).length : -1;
    };

    it("a failure in the middle keeps what was made, and the next update makes the rest", async () => {
      // The cluster has no Istio yet: the first of its resources fails.
      const first = await stack.up();
      expect(first.ok).toBe(false);
      expect(first.errors).toContain("istio.io");
      const left = (await stack.state()).urns.filter((urn) => urn.includes("kubernetes:"));
      expect(left.join("\n")).toContain("core/v1:Namespace::shop");
      expect(left.join("\n")).not.toContain("VirtualService");

      await api.applyCrds(parts.istioCrds);
      const second = await stack.up();
      expect(second).toMatchObject({ ok: true, errors: "" });
      expect(Object.keys(second.steps).sort()).toEqual(["create", "same"]);
      expect(second.steps.create).toContain("kubernetes:networking.istio.io/v1:VirtualService::shop/echo");
      expect(second.steps.same).toContain("kubernetes:core/v1:Namespace::shop");
      expect(await weights()).toEqual([[100, 0]]);
    });

    it("changes nothing when nothing changed, and sees no drift", async () => {
      expect((await stack.preview()).steps).toEqual({ same: expect.any(Array) });
      expect((await stack.up()).steps).toEqual({ same: expect.any(Array) });
      const refreshed = await stack.refresh();
      expect(refreshed).toMatchObject({ ok: true, errors: "" });
      expect((await stack.preview()).steps).toEqual({ same: expect.any(Array) });
    });

    it("moves weights as one change, and backs out of them", async () => {
      for (const canary of [30, 0]) {
        const moved = await stack.up(pieces("istio", canary));
        expect(moved.ok).toBe(true);
        expect(moved.steps.update).toEqual(["kubernetes:networking.istio.io/v1:VirtualService::shop/echo"]);
        expect(Object.keys(moved.steps).sort()).toEqual(["same", "update"]);
        expect(await weights()).toEqual([[100 - canary, canary]]);
      }
    });

    it("renames every component by aliases, and makes nothing anew", async () => {
      const before = await stack.state();
      const renamed = (protect: boolean) => () => {
        const args = { backend: "istio" as const, name: "engine", namespace: "shop" };
        const mesh = new Mesh("platform", args, { aliases: [{ name: "engine" }], protect });
        const named = (old: string, parent: pulumi.Resource) => ({ parent, aliases: [{ name: old }] });
        new MeshService("echo-service", { name: "echo", ...service }, named("echo", mesh));
        new MeshRoute("echo-route", { name: "echo", ...route(0) }, named("echo", mesh));
        new MtlsPolicy("strict-everywhere", { name: "strict", mode: "STRICT" }, named("strict", mesh));
        return Promise.resolve({});
      };
      const outcome = await stack.up(renamed(true));
      expect({ ok: outcome.ok, steps: Object.keys(outcome.steps) }).toEqual({ ok: true, steps: ["same"] });
      expect((await stack.state()).urns).toHaveLength(before.urns.length);

      const refused = await stack.destroy();
      expect(refused.ok).toBe(false);
      expect(refused.errors).toContain("protect");
      expect((await stack.up(renamed(false))).ok).toBe(true);
    });

    it("holds no secret in its state", async () => {
      const built = pulumi.secret("registry.example/echo@sha256:5ec3e7");
      const versions = [{ name: "v1", workload: { container: { image: built, port: 8080 } } }];
      const secret = await engine.stack("secret", () => {
        const mesh = new Mesh("sealed", { backend: "istio", namespace: "sealed" });
        new MeshService("echo", { ...service, versions }, { parent: mesh });
        return Promise.resolve({ mesh: mesh.export });
      });
      expect(await secret.up()).toMatchObject({ ok: true, errors: "" });
      const text = engine.stored("secret");
      expect(text).toContain("apps/v1:Deployment");
      expect(text).not.toContain("5ec3e7");
      expect((await secret.state()).text).not.toMatch(/PRIVATE KEY/);
      const { body } = await api.call("GET", "/apis/apps/v1/namespaces/sealed/deployments");
      expect(JSON.stringify(body)).toContain("5ec3e7");
      expect((await secret.destroy()).ok).toBe(true);
    });

    it("two stacks share a mesh: the team's comes and goes without touching the platform's", async () => {
      const config = { backend: { name: "istio" as const, settings: {} }, image: "identity:1" };
      const owner = await engine.stack("owner", () => Promise.resolve({ mesh: platform(config).export }));
      expect(await owner.up()).toMatchObject({ ok: true, errors: "" });
      const ownersState = (await owner.state()).urns;

      const teamConfig = { platform: "organization/mesh-up/owner", registry: "registry.example", canary: 0 };
      const teams = await engine.stack("team", async () => ({ services: (await team(teamConfig)).services }));
      const made = await teams.up();
      expect(made).toMatchObject({ ok: true, errors: "" });
      expect(Object.keys(made.outputs.services as object).sort()).toEqual(["reviews/ratings", "reviews/reviews"]);
      expect(await count("/apis/networking.istio.io/v1/namespaces/reviews/virtualservices")).toBeGreaterThan(0);
      const platformRules = await count("/apis/networking.istio.io/v1/namespaces/platform/destinationrules");

      expect((await teams.up()).steps.same).toEqual(expect.any(Array));
      expect((await owner.up()).steps).toEqual({ same: expect.any(Array) });
      expect((await teams.destroy()).ok).toBe(true);
      expect(await count("/apis/networking.istio.io/v1/namespaces/platform/destinationrules")).toBe(platformRules);
      expect([...(await owner.state()).urns].sort()).toEqual([...ownersState].sort());
      expect((await owner.destroy()).ok).toBe(true);
    });

    it("destroy leaves nothing behind", async () => {
      expect((await stack.destroy()).ok).toBe(true);
      expect((await stack.state()).urns).toEqual([]);
      const kinds = ["virtualservices", "destinationrules", "gateways", "serviceentries", "sidecars"];
      for (const kind of kinds)
        expect({ kind, left: await count(`/apis/networking.istio.io/v1/${kind}`) }).toEqual({ kind, left: 0 });
      expect(await count("/apis/security.istio.io/v1/peerauthentications")).toBe(0);
      expect(await count("/apis/apps/v1/deployments")).toBe(0);
      const { body } = await api.call("GET", "/api/v1/namespaces");
      const names = (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
      for (const name of ["shop", "sealed", "platform", "reviews"]) expect(names).not.toContain(name);
    });
  },
);
