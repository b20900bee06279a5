import { readMeshUpConfig } from "../../stacks/mesh-up/config";
import { readShopConfig } from "../../stacks/shop/config";
import { readTeamConfig } from "../../stacks/team/config";
import { run } from "../components/support/program";

/** What reading a stack's config throws. */
async function problem(
  project: string,
  config: Readonly<Record<string, string>>,
  read: () => unknown,
): Promise<string> {
  let told = "";
  await run(
    () => {
      try {
        read();
      } catch (error) {
        told = (error as Error).message;
      }
    },
    {
      project,
      stack: "prod",
      config: Object.fromEntries(Object.entries(config).map(([k, v]) => [`${project}:${k}`, v])),
    },
  );
  return told;
}

it("a cloud's keys are needed where that cloud is, and each is told with its form", async () => {
  expect(await problem("shop", { backend: "vpc-lattice", vpcId: "subnet-1" }, readShopConfig)).toMatch(
    /^MESH4010: .*stacks\/shop\/Pulumi\.prod\.yaml:\n {2}shop:vpcId is "subnet-1"; allowed: a VPC's id, such as vpc-/,
  );
  const missing = await problem("shop", { backend: "gcsm" }, readShopConfig);
  expect(missing).toContain("shop:gcpProject is missing; allowed: a project's id");
  expect(missing).toContain("shop:gcpZone is missing; allowed: a zone");
  expect(
    await problem("shop", { backend: "gcsm", gcpProject: "shop-prod-1", gcpZone: "europe-west1-b" }, readShopConfig),
  ).toBe("");
});

it("a key that the backend does not need is refused, with those that it reads", async () => {
  expect(await problem("mesh-up", { backend: "istio", vpcId: "vpc-0a1b2c3d" }, readMeshUpConfig)).toContain(
    "mesh-up:vpcId is not a key of this program, which reads backend, image, canary",
  );
});

it("all mistakes are told at once", async () => {
  const told = await problem("shop", { backend: "istoi", replicas: "many", release: "latest" }, readShopConfig);
  expect(told.split("\n").slice(1)).toEqual([
    expect.stringContaining('shop:backend is "istoi"; allowed: one of istio, '),
    '  shop:release is "latest"; allowed: a release, such as 4.2.0',
    '  shop:replicas is "many"; allowed: a whole number from 1 to 50',
  ]);
  expect(await problem("team", { platform: "prod" }, readTeamConfig)).toContain(
    'team:platform is "prod"; allowed: a stack, as organization/project/stack',
  );
});
