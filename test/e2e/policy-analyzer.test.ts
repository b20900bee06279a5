import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { buildSync } from "esbuild";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { rules } from "../../policy/rules";
import { hasUnknown, reading, UNKNOWN } from "../../src/facts";
import { cloudCases, type CloudResource } from "../policy/clouds";
import { manifests, withUnknown } from "../policy/support";

/** What Pulumi writes on the wire for a text that it does not know yet. */
const UNKNOWN_ON_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const pack = resolve(__dirname, "..", "..", "policy");
type Manifest = Record<string, unknown>;

const onWire = (value: unknown): unknown => {
  if (value === UNKNOWN) return UNKNOWN_ON_WIRE;
  if (Array.isArray(value)) return value.map(onWire);
  if (!reading.isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onWire(item)]));
};
const typeOf = ({ apiVersion, kind }: Manifest): string =>
  `kubernetes:${String(apiVersion).includes("/") ? String(apiVersion) : `core/${String(apiVersion)}`}:${String(kind)}`;
const urnOf = ({ type, name }: CloudResource, i: number): string => `urn:pulumi:dev::shop::${type}::${i}-${name}`;
/** A resource as Pulumi gives it. */
const asResource = (manifest: Manifest): CloudResource => ({
  type: typeOf(manifest),
  name: String((manifest.metadata as Manifest).name),
  properties: manifest,
});
const struct = (manifest: Manifest): Struct =>
  Struct.fromJavaScript(onWire(manifest) as Parameters<typeof Struct.fromJavaScript>[0]);

// Starting a process takes long on a busy machine.
jest.setTimeout(60_000);

describe("the pack behind Pulumi's own analyzer server", () => {
  let server: ChildProcess | undefined;
  let client: analyzer.AnalyzerClient;

  beforeAll(async () => {
    buildSync({
      entryPoints: [resolve(pack, "index.ts")],
      outfile: resolve(pack, "dist", "index.js"),
      bundle: true,
      platform: "node",
      target: "node20",
      external: ["@pulumi/*"],
    });
    expect(existsSync(resolve(pack, "dist", "index.js"))).toBe(true);
    const started = spawn(process.execPath, ["dist/index.js"], { cwd: pack, stdio: ["ignore", "pipe", "inherit"] });
    server = started;
    const port = await new Promise<string>((found, failed) => {
      createInterface(started.stdout).once("line", found);
      started.once("exit", (code) => failed(new Error(`the pack ended with ${String(code)}`)));
    });
    client = new analyzer.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });
  afterAll(() => {
    client?.close();
    server?.kill();
  });

  const call = <T>(work: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown): Promise<T> =>
    new Promise((found, failed) => work((error, response) => (error ? failed(error) : found(response))));
  type Told = { readonly policy: string; readonly message: string; readonly urn: string };
  const told = (response: messages.AnalyzeResponse): Told[] =>
    response.getDiagnosticsList().map((d) => ({ policy: d.getPolicyname(), message: d.getMessage(), urn: d.getUrn() }));

  /** Everything the pack says of these resources: one by one, and as a stack. */
  async function analyze(resources: readonly CloudResource[]): Promise<Told[]> {
    const found: Told[] = [];
    const stack = new messages.AnalyzeStackRequest();
    for (const [i, one] of resources.entries()) {
      const request = new messages.AnalyzeRequest();
      const resource = new messages.AnalyzerResource();
      for (const message of [request, resource]) {
        message.setType(one.type);
        message.setUrn(urnOf(one, i));
        message.setName(`r${i}`);
        message.setProperties(struct(one.properties));
        message.setOptions(new messages.AnalyzerResourceOptions());
      }
      found.push(...told(await call<messages.AnalyzeResponse>((done) => client.analyze(request, done))));
      stack.addResources(resource);
    }
    found.push(...told(await call<messages.AnalyzeResponse>((done) => client.analyzeStack(stack, done))));
    return found;
  }
  /** All policies on, with their own configuration. */
  async function configure(own: Readonly<Record<string, object>> = {}): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const { name, example } of rules) {
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(messages.EnforcementLevel.MANDATORY);
      const settings = { ...example.settings, ...own[name] };
      config.setProperties(Struct.fromJavaScript(settings as Parameters<typeof Struct.fromJavaScript>[0]));
      request.getPolicyconfigMap().set(name, config);
    }
    await call((done) => client.configure(request, done));
  }
  const exempt = (name: string, expires: string) => ({
    [name]: { exemptions: [{ resource: "*", reason: "moved next week", expires }] },
  });

  it("shows every policy with its schema", async () => {
    const info = await call<messages.AnalyzerInfo>((done) => {
      return client.getAnalyzerInfo(new Empty(), done);
    });
    const names = info.getPoliciesList().map((policy) => policy.getName());
    expect(names).toEqual(expect.arrayContaining(rules.map(({ name }) => name)));
    expect(names).toHaveLength(rules.length + 3);
    const tls = info.getPoliciesList().find((policy) => policy.getName() === "minimum-tls");
    expect(tls?.getConfigschema()?.getProperties()?.toJavaScript()).toHaveProperty("minTlsVersion.default", "TLSV1_2");
  });

  describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, { example }) => {
    const of = async (objects: readonly Manifest[]) =>
      (await analyze(objects.map(asResource))).filter((d) => d.policy === name);

    it("tells the violation with the resource's URN, and nothing of what is right", async () => {
      await configure();
      const found = await of(manifests(example.wrong));
      expect(found).not.toEqual([]);
      for (const { urn, message } of found) expect(message).toContain(urn);
      expect(await of(manifests(example.right))).toEqual([]);
    });

    it("leaves what is exempt alone, and counts an exemption that has ended no more", async () => {
      await configure(exempt(name, "2999-12-31"));
      expect(await of(manifests(example.wrong))).toEqual([]);
      await configure(exempt(name, "2001-01-01"));
      const found = await of(manifests(example.wrong));
      expect(found).not.toEqual([]);
      for (const { message } of found) expect(message).toContain("ended on 2001-01-01");
    });

    it("makes no noise about what a preview cannot know", async () => {
      await configure();
      const [at, field, side] = example.unknown;
      const objects = withUnknown(manifests(side === "right" ? example.right : example.wrong), at, field);
      expect(objects.some(hasUnknown)).toBe(true);
      // Pulumi's own token holds the version of a resource, so that it is never unknown there.
      if (field !== "apiVersion") expect(await of(objects)).toEqual([]);
    });
  });

  describe.each(cloudCases.map((one) => [one.rule, one.cloud, one.what, one] as const))(
    "%s on %s: %s",
    (name, _cloud, _what, { wrong, right, unknown, settings }) => {
      const of = async (resources: readonly CloudResource[]) =>
        (await analyze(resources)).filter((d) => d.policy === name);

      it("is told with its URN, not where it is right, exempt or unknown, and again after the exemption", async () => {
        await configure({ [name]: settings ?? {} });
        const found = await of(wrong);
        expect(found).not.toEqual([]);
        for (const { urn, message } of found) expect(message).toContain(urn);
        expect(await of(right)).toEqual([]);
        if (unknown !== undefined) {
          const [at, field] = unknown;
          const properties = withUnknown(
            wrong.map((resource) => resource.properties),
            at,
            field,
          );
          expect(await of(wrong.map((resource, i) => ({ ...resource, properties: properties[i]! })))).toEqual([]);
        }
        await configure({ [name]: { ...settings, ...exempt(name, "2999-12-31")[name] } });
        expect(await of(wrong)).toEqual([]);
        await configure({ [name]: { ...settings, ...exempt(name, "2001-01-01")[name] } });
        expect(await of(wrong)).toHaveLength(found.length);
      });
    },
  );

  it("mends what it is told to mend, and leaves unknown values as they came", async () => {
    const remediate = async (object: Manifest): Promise<Record<string, unknown>> => {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const name of ["add-injection-label", "write-tls-mode", "add-outlier-detection"]) {
        const config = new messages.PolicyConfig();
        config.setEnforcementlevel(messages.EnforcementLevel.REMEDIATE);
        config.setProperties(Struct.fromJavaScript({}));
        request.getPolicyconfigMap().set(name, config);
      }
      await call((done) => client.configure(request, done));
      const asked = new messages.AnalyzeRequest();
      asked.setType(typeOf(object));
      asked.setUrn(urnOf(asResource(object), 0));
      asked.setName("r0");
      asked.setProperties(struct(object));
      asked.setOptions(new messages.AnalyzerResourceOptions());
      const response = await call<messages.RemediateResponse>((done) => client.remediate(asked, done));
      return Object.fromEntries(
        response.getRemediationsList().map((r) => [r.getPolicyname(), r.getProperties()?.toJavaScript()]),
      );
    };
    const rule = (trafficPolicy: object): Manifest => ({
      apiVersion: "networking.istio.io/v1",
      kind: "DestinationRule",
      metadata: { name: "cart", namespace: "shop", labels: { team: UNKNOWN } },
      spec: { host: "cart", trafficPolicy },
    });
    const mended = await remediate(rule({ tls: { mode: "DISABLE" } }));
    expect(mended["write-tls-mode"]).toMatchObject({
      metadata: { labels: { team: UNKNOWN_ON_WIRE } },
      spec: { trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } },
    });
    expect(mended["add-outlier-detection"]).toMatchObject({
      spec: { trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } },
    });
    const complete = { tls: { mode: "ISTIO_MUTUAL" }, outlierDetection: { consecutive5xxErrors: 3 } };
    expect(await remediate(rule(complete))).toEqual({});
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "a" } } };
    expect(await remediate(namespace)).toEqual({
      "add-injection-label": {
        ...namespace,
        metadata: { name: "shop", labels: { team: "a", "istio-injection": "enabled" } },
      },
    });
  });
});
