import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Mesh, type MeshArgs, MeshService } from "../../components";
import { priceMesh } from "../../components/cost";
import { readCosting } from "../../components/costing";
import { Decimal, estimate, recordOf } from "../../src/cost";
import { fromObject, type Model } from "../../src/model";
import { run } from "./support/program";

const services = [
  {
    name: "cart",
    ports: [{ port: 80, targetPort: 8080 }],
    versions: [{ name: "v1", workload: { replicas: 3, container: { image: "cart:1", port: 8080 } } }],
  },
];
const mesh =
  (cost?: MeshArgs["cost"], backend: MeshArgs["backend"] = "vpc-lattice", name = "shop") =>
  () =>
    new Mesh(name, {
      backend,
      namespace: name,
      services: name === "shop" ? services : services.map((service) => ({ ...service, name: `${name}-cart` })),
      cost,
      mtls: { mode: "DISABLE" },
      backends: { "vpc-lattice": { settings: { vpcId: "vpc-0a1b2c3d4e5f60718" } } },
    });
function model(): Model {
  const { model: read, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "shop", namespace: "shop" },
    spec: { services, mtls: { mode: "DISABLE" }, backends: { "vpc-lattice": { vpcId: "vpc-0a1b2c3d4e5f60718" } } },
  });
  if (read === undefined) throw new Error(JSON.stringify(findings));
  return read;
}
const of = (program: () => unknown, config: Readonly<Record<string, string>> = {}) =>
  run(program, { config, preview: true });
/** The cost that the mesh registered; the program must not have thrown. */
async function costOf(program: () => unknown, config?: Readonly<Record<string, string>>) {
  const made = await of(program, config);
  return made.find(({ type }) => type === "meshup:index:Mesh")?.outputs.cost as Record<string, unknown>;
}
let warned: string[];
beforeEach(() => {
  warned = [];
  jest.spyOn(pulumi.log, "warn").mockImplementation((text: string) => {
    if (text.startsWith("MESH50")) warned.push(text);
    return Promise.resolve();
  });
});
afterEach(() => jest.restoreAllMocks());

it("is the estimate of the mesh, exact, and its parts add up to it", async () => {
  const cost = await costOf(mesh({ usage: "small" }));
  const amounts = (key: string) => Object.values(cost[key] as Record<string, string>).map(Decimal.of);
  expect(cost).toMatchObject({ mesh: "shop", backend: "vpc-lattice", currency: "USD", priceBook: "vendor", open: 0 });
  for (const key of ["byComponent", "byOwner"]) expect(Decimal.sum(amounts(key)).toString()).toBe(String(cost.monthly));
  const { monthly, open } = recordOf(estimate(model(), "vpc-lattice"));
  expect(await costOf(mesh())).toMatchObject({ monthly, open });
});

it("is the same from arguments as from the stack's config, and arguments come first", async () => {
  const config = { "meshup:usage": "small", "meshup:region": "ap-northeast-1" };
  expect(await costOf(mesh(), config)).toEqual(await costOf(mesh({ usage: "small", region: "ap-northeast-1" })));
  expect(await costOf(mesh({ region: "us-east-1" }), config)).toMatchObject({ region: "us-east-1" });
});

it("prices a cloud's backend where the cloud's own provider works", async () => {
  expect(await costOf(mesh(), { "aws:region": "ap-northeast-1" })).toMatchObject({
    region: "ap-northeast-1",
    monthly: "23.725",
  });
});

it("prices Google's mesh in the region of its zone", async () => {
  const cost = await costOf(
    () =>
      new Mesh("shop", {
        backend: "gcsm",
        namespace: "shop",
        services,
        mtls: { mode: "DISABLE" },
        backends: { gcsm: { settings: { project: "p", network: "default", zone: "europe-west1-b" } } },
      }),
  );
  expect(cost).toMatchObject({ region: "europe-west1" });
  expect(warned.join("\n")).toMatch(/MESH5031: .* not in europe-west1/);
});

it("tells prices that are not known, and stops nothing", async () => {
  expect(await costOf(mesh(), { "aws:region": "eu-west-1" })).toMatchObject({ monthly: "0" });
  expect(warned.join("\n")).toMatch(/MESH5031: .* not in eu-west-1/);
});

it("costs on this host what one's own machines cost: nothing is guessed", async () => {
  expect(await costOf(mesh(undefined, "proxy"))).toMatchObject({ platform: "self", monthly: "0" });
});

describe("a budget", () => {
  it("of the mesh that is exceeded is an error, thrown before anything is made", async () => {
    await of(() => {
      const component = new pulumi.ComponentResource("test:index:Mesh", "shop");
      const price = (budget: number) => {
        const settings = { backend: "vpc-lattice" } as Parameters<typeof priceMesh>[2];
        return priceMesh(component, model(), settings, readCosting("shop", "vpc-lattice", { budget }));
      };
      expect(price(18.25).monthly).toBe("18.25");
      expect(() => price(18)).toThrow(
        "MESH5040: $18.25 a month (shop on vpc-lattice) is over the budget of $18.00 of mesh shop, without 2 open lines. Raise its cost.budget",
      );
    });
  });
  it("that is met exactly holds", async () => {
    expect(await costOf(mesh({ budget: 18.25 }))).toMatchObject({ monthly: "18.25" });
  });
  it("is only told where the stack says so", async () => {
    expect(await costOf(mesh({ budget: 18, overBudget: "warning" }))).toMatchObject({ monthly: "18.25" });
    expect(warned.join("\n")).toContain("MESH5040: $18.25 a month");
  });
  it("that cannot be held for want of a price says so", async () => {
    await costOf(mesh({ budget: 500 }), { "aws:region": "eu-west-1" });
    expect(warned.join("\n")).toContain("MESH5043: the budget holds only what is priced");
  });
  it("of the stack is for all of its meshes together", async () => {
    const both = (): void => {
      mesh(undefined, "vpc-lattice", "one")();
      mesh(undefined, "vpc-lattice", "two")();
    };
    await of(both, { "meshup:budget": "36.5", "meshup:overBudget": "warning" });
    expect(warned).toEqual([]);
    await of(both, { "meshup:budget": "36.49", "meshup:overBudget": "warning" });
    expect(warned).toEqual([
      expect.stringMatching(
        /^MESH5040: \$36\.50 a month \(one on vpc-lattice, two on vpc-lattice\) is over the budget of \$36\.49 of stack stack.* Raise meshup:budget/,
      ),
    ]);
  });
});

describe("a setting that means nothing is refused by name", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "meshup-cost-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const refused = (args: MeshArgs["cost"], config?: Readonly<Record<string, string>>): Promise<string> =>
    of(() => {
      mesh(args)();
    }, config).then(
      () => "nothing was wrong",
      (error: Error) => error.message,
    );

  it.each<[string, MeshArgs["cost"], Record<string, string>, RegExp]>([
    ["a budget that is no amount", {}, { "meshup:budget": "much" }, /MESH4017: .*meshup:budget is "much"/],
    ["a negative budget", { budget: -1 }, {}, /MESH4017: .*budget is -1/],
    ["a platform", { platform: "moon" }, {}, /MESH4017: .*platform is "moon"; allowed: eks, fargate/],
    ["a level", {}, { "meshup:overBudget": "explode" }, /MESH4017: .*overBudget is "explode"; allowed: error, warning/],
    ["a file that is absent", { usage: "absent.yml" }, {}, /MESH4017: .*absent\.yml: no such usage file/],
    ["a key of the config", {}, { "meshup:budgt": "5" }, /MESH4010: meshup:budgt is not a key of meshup/],
  ])("%s", async (_, args, config, expected) => expect(await refused(args, config)).toMatch(expected));

  it("a usage file with a mistake, by its line", async () => {
    const usage = join(directory, "usage.yml");
    writeFileSync(usage, "version: 0.1\nresource_usage:\n  service.cart: { requests_per_second: -5 }\n");
    expect(await refused({ usage })).toMatch(/MESH4017: [\s\S]*usage\.yml:3: MESH5020 /);
  });
});

it("of a stack that adds to another's mesh is its own share", async () => {
  const owner = await run(mesh({ usage: "small" }));
  const shared = owner.find(({ type }) => type === "meshup:index:Mesh")?.outputs.export as MeshArgs["shared"];
  const cost = await costOf(() => {
    const team = new Mesh("team", { shared, cost: { usage: "small" } });
    const [cart] = services;
    if (cart) new MeshService("rates", { ...cart, name: "rates" }, { parent: team });
  });
  const alone = await costOf(mesh({ usage: "small" }));
  expect(cost.monthly).toBe(alone.monthly);
  expect(Object.keys(cost.byOwner as object)).toEqual(["service.shop/rates"]);
});
