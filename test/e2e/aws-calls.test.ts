import type { PlanResource } from "../../src/plan";
import { kindOf } from "./support/aws-api";
import { Aws, differences, type Made, make, readBack, remove } from "./support/aws-calls";
import { type AwsBackend, awsBackends, plans } from "./support/aws-meshes";
import { type Moto, startMoto } from "./support/moto";
import { describePart } from "./support/parts";

/** What moto 5.2.5 lacks. Its inputs are still held to AWS's models (aws-inputs.test.ts); when moto learns one, a test fails. */
const lacking: Readonly<Record<"create" | "read" | "delete", readonly string[]>> = {
  create: ["appmesh CreateVirtualService"],
  read: ["vpc-lattice GetRule", "vpc-lattice GetServiceNetworkVpcAssociation"],
  delete: [
    "vpc-lattice DeleteListener",
    "vpc-lattice DeleteRule",
    "vpc-lattice DeleteService",
    "vpc-lattice DeleteServiceNetwork",
    "vpc-lattice DeleteServiceNetworkServiceAssociation",
    "vpc-lattice DeleteServiceNetworkVpcAssociation",
    "vpc-lattice DeleteTargetGroup",
  ],
};
/** What moto takes and forgets, and what AWS itself does not tell. */
const untold = [/^idleTimeoutSeconds:/, /^Vpc:/, /^ServiceId:/];

type What = keyof typeof lacking;
const nameOf = (kind: ReturnType<typeof kindOf>, what: What): string => `${kind.service} ${kind[what]}`;
const lacks = (resource: PlanResource, what: What): boolean => lacking[what].includes(nameOf(kindOf(resource), what));

const operations = (backend: AwsBackend): Set<PlanResource["type"]> =>
  new Set(plans(backend).flatMap(({ plan }) => plan.resources.filter((r) => r.provider === "aws").map((r) => r.type)));

describePart("the calls that a Plan means, through the AWS SDK", ["moto"], ({ moto: program }) => {
  let moto: Moto;
  let aws: Aws;
  beforeAll(async () => {
    moto = await startMoto(program);
    aws = new Aws(moto.endpoint);
  }, 60_000);
  afterAll(async () => {
    aws.close();
    await moto.close();
  });

  describe.each(awsBackends)("%s", (backend) => {
    it.each(plans(backend))(
      "$name is taken in the Plan's order, told back as asked, and nothing stays",
      async ({ plan }) => {
        const made = await make(aws, plan, (resource) => lacks(resource, "create"));
        const asked = plan.resources.filter((resource) => resource.provider === "aws" && !lacks(resource, "create"));
        expect(made.map(({ resource }) => resource.id)).toEqual(asked.map(({ id }) => id));

        const wrong: string[] = [];
        for (const each of made.filter(({ resource }) => !lacks(resource, "read")))
          wrong.push(...(await toldWrong(each)).map((difference) => `${each.resource.id} ${difference}`));
        expect(wrong).toEqual([]);

        const deletable = [...made].reverse().filter(({ resource }) => !lacks(resource, "delete"));
        for (const each of deletable) await remove(aws, each);
        for (const each of deletable) await expect(readBack(aws, each)).rejects.toThrow();
        if (backend === "appmesh") expect(deletable).toHaveLength(made.length);
      },
      60_000,
    );
  });

  it("lacks what is listed, and only of that", async () => {
    const kinds = awsBackends.flatMap((backend) =>
      [...operations(backend)].map((type) => kindOf({ type } as PlanResource)),
    );
    for (const what of ["create", "read", "delete"] as const) {
      const used = kinds.filter((kind) => lacking[what].includes(nameOf(kind, what)));
      expect([...new Set(used.map((kind) => nameOf(kind, what)))].sort()).toEqual([...lacking[what]].sort());
      for (const kind of used) {
        const known = await aws.knows({ service: kind.service, operation: kind[what], input: anything });
        expect(`${nameOf(kind, what)} ${known}`).toBe(`${nameOf(kind, what)} false`);
      }
    }
  }, 60_000);

  const toldWrong = async (made: Made): Promise<string[]> =>
    differences(made.input, await readBack(aws, made)).filter((each) => !untold.some((known) => known.test(each)));
});

/** Enough of each input to name a place in the API; it is the operation that is asked about. */
const anything = {
  meshName: "m",
  virtualServiceName: "s.local",
  spec: {},
  serviceIdentifier: "svc-0123456789abcdef0",
  serviceNetworkIdentifier: "sn-0123456789abcdef0",
  listenerIdentifier: "listener-0123456789abcdef0",
  ruleIdentifier: "rule-0123456789abcdef0",
  targetGroupIdentifier: "tg-0123456789abcdef0",
  serviceNetworkVpcAssociationIdentifier: "snva-0123456789abcdef0",
  serviceNetworkServiceAssociationIdentifier: "snsa-0123456789abcdef0",
};
