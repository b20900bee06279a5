import { type SharedMesh } from "../../components";
import { readPlatformConfig } from "../../stacks/platform/config";
import { platform } from "../../stacks/platform/program";
import { readTeamConfig } from "../../stacks/team/config";
import { team } from "../../stacks/team/program";
import { type Registration, run } from "../components/support/program";

beforeEach(() => void jest.spyOn(console, "warn").mockImplementation());

const stack = (project: string, config: object) => ({ project, stack: "prod", config: { ...config } });
const meshIn = (made: readonly Registration[]) => made.find(({ type }) => type === "meshup:index:Mesh")?.outputs ?? {};

it.each(["istio", "istio-managed-csm", "linkerd"])("the team's stack adds to the platform's on %s", async (backend) => {
  const owner = await run(() => platform(readPlatformConfig()), stack("platform", { "platform:backend": backend }));
  const stacks = { "organization/platform/prod": { mesh: meshIn(owner).export } };
  const config = { "team:platform": "organization/platform/prod", "team:canary": "10" };
  const made = await run(() => team(readTeamConfig()), { ...stack("team", config), stacks });
  expect(owner.length).toBeGreaterThan(3);
  const types = made.filter(({ custom }) => custom).map(({ type, name }) => `${type} ${name}`);
  const owners = owner.filter(({ custom }) => custom).map(({ type, name }) => `${type} ${name}`);
  expect(types.filter((one) => owners.includes(one))).toEqual([]);
  expect(types).not.toEqual([]);
  expect(Object.keys(meshIn(made).services as object).sort()).toEqual(["reviews/ratings", "reviews/reviews"]);
  expect((meshIn(made).export as SharedMesh).services.map(({ owner: by }) => by)).toEqual([
    "organization/platform/prod",
    "organization/team/prod",
    "organization/team/prod",
  ]);
});
