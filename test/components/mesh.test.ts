import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AuthorizationPolicy, ExternalService, Mesh, MeshGateway, MeshRoute, MeshService } from "../../components";
import { run, shortUrn } from "./support/program";

const image = (name: string) => ({ workload: { container: { image: name, port: 8080 } } });
const service = { ports: [{ port: 80, targetPort: 8080 }], versions: [{ name: "v1", ...image("echo:1") }] };
const route = { service: "echo", http: [{ backends: [{ service: "echo", version: "v1" }] }] };

it("a piece without a mesh, or with another parent, says what to pass", async () => {
  await run(() => {
    expect(() => new MeshService("echo", service)).toThrow(
      "MESH4001: MeshService echo belongs to no mesh. Pass { parent: mesh }",
    );
    const other = new pulumi.ComponentResource("test:index:Other", "other");
    expect(() => new MeshService("echo", service, { parent: other })).toThrow("MESH4001");
  });
});

it("a piece after an await is refused before it registers anything", async () => {
  const made = await run(async () => {
    const mesh = new Mesh("shop", { backend: "istio" });
    await Promise.resolve();
    expect(() => new MeshService("late", service, { parent: mesh })).toThrow(
      "MESH4002: MeshService late was made after its mesh had been rendered.",
    );
  });
  expect(made.map(({ urn }) => urn).join()).not.toContain("late");
});

it("a route is created after what it names, and deleted before it", async () => {
  const made = await run(() => {
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop" });
    new MeshRoute("echo", route, { parent: mesh });
    new MeshService("echo", service, { parent: mesh });
  });
  const virtualService = made.find(({ type }) => type.endsWith(":VirtualService"));
  expect(virtualService?.dependencies.map(shortUrn)).toContain(
    "MeshService$kubernetes:networking.istio.io/v1:DestinationRule::shop/echo.v1",
  );
});

it("a value known only at deployment reaches the resource unread", async () => {
  const made = await run(() => {
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop" });
    const built = pulumi.output(Promise.resolve("registry.example/echo@sha256:1"));
    const versions = [{ name: "v1", workload: { container: { image: built, port: 8080 } } }];
    new MeshService("echo", { ...service, versions }, { parent: mesh });
  });
  const deployment = made.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
  expect(JSON.stringify(deployment?.inputs)).toContain("registry.example/echo@sha256:1");
});

it("a name with a slash stands in that namespace, and a listed piece of another namespace is named so", async () => {
  const pieces = await run(() => {
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop", mtls: { mode: "STRICT" } });
    new ExternalService(
      "edge/rates",
      { hosts: ["api.example"], ports: [{ port: 443, protocol: "tls" }] },
      { parent: mesh },
    );
    new MeshGateway("edge/public", { listeners: [{ port: 80, protocol: "http" }] }, { parent: mesh });
    new MeshService("shop/echo", service, { parent: mesh });
    new AuthorizationPolicy(
      "deny",
      { action: "DENY", rules: [{ from: [{ namespaces: ["edge"] }] }] },
      { parent: mesh },
    );
  });
  const whole = await run(() => {
    new Mesh("shop", {
      backend: "istio",
      namespace: "shop",
      mtls: { mode: "STRICT" },
      externalServices: [
        { name: "rates", namespace: "edge", hosts: ["api.example"], ports: [{ port: 443, protocol: "tls" }] },
      ],
      gateways: [{ name: "public", namespace: "edge", listeners: [{ port: 80, protocol: "http" }] }],
      services: [{ name: "echo", ...service }],
      policies: {
        authorization: [{ name: "deny", action: "DENY", rules: [{ from: [{ namespaces: ["edge"] }] }] }],
      },
    });
  });
  const urns = (made: typeof whole) =>
    made.map(({ urn }) => shortUrn(urn).replace("MeshService::shop/echo", "MeshService::echo")).sort();
  expect(urns(pieces)).toEqual(urns(whole));
  expect(urns(whole)).toContain("Mesh$ExternalService::edge/rates");
  expect(pieces.find(({ name }) => name === "edge/rates")?.outputs).toMatchObject({ name: "rates", namespace: "edge" });
});

it("gives every inner resource by its id, and names the ids where there is none", async () => {
  await run(async () => {
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop" });
    const echo = new MeshService("echo", service, { parent: mesh });
    const [mine, same] = [await echo.node("Service/shop/echo"), await mesh.node("Service/shop/echo")];
    expect(mine).toBe(same);
    await expect(echo.node("Service/shop/eco")).rejects.toThrow(/MESH4005: .* There are: .*Service\/shop\/echo/);
    await expect(echo.node("Namespace/shop")).rejects.toThrow("MESH4005");
  });
});

it("tells address, versions and URNs as outputs", async () => {
  const made = await run(() => {
    const mesh = new Mesh("shop", { backend: "istio", namespace: "shop" });
    new MeshService("echo", service, { parent: mesh });
  });
  const outputs = (name: string) =>
    made.find(({ type, name: is }) => type.startsWith("meshup:") && is === name)?.outputs;
  expect(outputs("echo")).toMatchObject({ address: "echo.shop.svc.cluster.local", versions: ["v1"] });
  expect(outputs("shop")).toMatchObject({
    backend: "istio",
    trustDomain: "cluster.local",
    services: { "shop/echo": { name: "echo", namespace: "shop", ports: [80] } },
  });
});

describe("a specFile", () => {
  let directory: string;
  const write = (text: string): string => {
    const file = join(directory, "mesh.yaml");
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "meshup-spec-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("may be completed by pieces", async () => {
    const specFile = write(
      "{ apiVersion: meshup/v1, kind: Mesh, metadata: { name: shop, namespace: shop }, spec: {} }",
    );
    const made = await run(() => {
      const mesh = new Mesh("shop", { backend: "istio", specFile });
      new MeshService("echo", service, { parent: mesh });
    });
    expect(made.map(({ urn }) => shortUrn(urn))).toContain("MeshService$kubernetes:core/v1:Service::shop/echo");
  });

  const canary = (comment: string): string =>
    [
      "apiVersion: meshup/v1",
      "kind: Mesh",
      "metadata: { name: shop, namespace: shop }",
      "spec:",
      "  services: [{ name: echo, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]",
      "  routes:",
      "    - name: echo",
      "      service: echo",
      "      http:",
      "        - backends:",
      "            - { service: echo, version: v1, weight: 90 }",
      `            ${comment}`,
      "            - { service: echo, version: v2, weight: 10 }",
    ].join("\n");
  const findingsOf = async (comment: string): Promise<unknown> => {
    const specFile = write(canary(comment));
    const made = await run(() => void new Mesh("shop", { backend: "istio", specFile }));
    const { findings } = made.find(({ type }) => type === "meshup:index:Mesh")?.outputs ?? {};
    return (findings as { code: string }[]).map(({ code }) => code);
  };

  it("ignores findings by its comments, and says where a comment has no use", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation();
    expect(await findingsOf("# the next one")).toContain("MESH1014");
    expect(await findingsOf("# meshup-ignore MESH1014: it fails loudly")).not.toContain("MESH1014");
    expect(await findingsOf("# meshup-ignore MESH1015: nothing")).toContain("MESH1901");
    warn.mockRestore();
  });

  it("that is absent or no mesh is refused with its place", async () => {
    await run(() => {
      const specFile = join(directory, "absent.yaml");
      expect(() => new Mesh("shop", { backend: "istio", specFile })).toThrow(/MESH4007: specFile .* \(ENOENT\)/);
      const broken = write("apiVersion: meshup/v1\nkind: [Mesh\n");
      expect(() => new Mesh("shop", { backend: "istio", specFile: broken })).toThrow(/mesh\.yaml:3:1/);
    });
  });
});
