import * as appmesh from "@aws-sdk/client-app-mesh";
import * as servicediscovery from "@aws-sdk/client-servicediscovery";
import * as lattice from "@aws-sdk/client-vpc-lattice";
import type { Plan, PlanResource, Reference } from "../../../src/plan";
import { type AwsService, type Call, kindOf, type Outputs, stub, toApi, type Tree } from "./aws-api";

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}
type Command = new (input: Tree) => unknown;

/** AWS through its SDK. */
export class Aws {
  private readonly clients: Readonly<Record<AwsService, Client>>;

  constructor(endpoint: string) {
    const config = {
      endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
      disableHostPrefix: true,
    };
    this.clients = {
      appmesh: new appmesh.AppMeshClient(config) as Client,
      "vpc-lattice": new lattice.VPCLatticeClient(config) as Client,
      servicediscovery: new servicediscovery.ServiceDiscoveryClient(config) as Client,
    };
  }

  async call({ service, operation, input }: Call): Promise<Tree> {
    const modules: Readonly<Record<AwsService, object>> = { appmesh, "vpc-lattice": lattice, servicediscovery };
    const Command = (modules[service] as Readonly<Record<string, Command | undefined>>)[`${operation}Command`];
    if (Command === undefined) throw new Error(`the SDK has no ${service} ${operation}`);
    const answer = await this.clients[service].send(new Command(input));
    return answer as Tree;
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.destroy();
  }
}

/** A resource that was made. */
export interface Made {
  readonly resource: PlanResource;
  readonly input: Tree;
  readonly outputs: Outputs;
}

/**
 * Makes a Plan's resources in its order, references from the outputs of those made before. What the stand-in lacks is
 * `skipped`: its outputs are formed as AWS would, and it is not called.
 */
export async function make(aws: Aws, plan: Plan, skipped: ReadonlySet<string>): Promise<Made[]> {
  const made = new Map<string, Made>();
  const formed = stub(plan.resources);
  const resolve = (reference: Reference): unknown => {
    const known = made.get(reference.$ref)?.outputs[reference.output];
    return known ?? formed(reference);
  };
  for (const resource of plan.resources) {
    if (resource.provider !== "aws") continue;
    const { service, operation, input, outputs } = toApi(resource, resolve);
    if (skipped.has(operation)) continue;
    const answer = await aws.call({ service, operation, input });
    made.set(resource.id, { resource, input, outputs: outputs(await settle(aws, answer), input) });
  }
  return [...made.values()];
}

/** Namespaces of Cloud Map are made by an operation that runs on; its target is what it made. */
async function settle(aws: Aws, answer: Tree): Promise<Tree> {
  if (typeof answer.OperationId !== "string") return answer;
  const { Operation } = await aws.call({
    service: "servicediscovery",
    operation: "GetOperation",
    input: { OperationId: answer.OperationId },
  });
  const targets = (Operation as { Targets?: Record<string, string> } | undefined)?.Targets ?? {};
  return { ...answer, NamespaceId: targets.NAMESPACE };
}

/** What AWS says that it was told. */
export async function readBack(aws: Aws, { resource, input, outputs }: Made): Promise<Tree> {
  const { service, read, key, told } = kindOf(resource);
  return told(await aws.call({ service, operation: read, input: key(input, outputs) }));
}

export async function remove(aws: Aws, { resource, input, outputs }: Made): Promise<void> {
  const { service, delete: operation, key } = kindOf(resource);
  await aws.call({ service, operation, input: key(input, outputs) });
}

/** What of `told` is not as asked, by path; more than was asked (ids, times, defaults) is no difference. */
export function differences(asked: unknown, told: unknown, path = ""): string[] {
  if (Array.isArray(asked) && Array.isArray(told) && asked.length === told.length)
    return asked.flatMap((item, i) => differences(item, told[i] as unknown, `${path}[${i}]`));
  if (typeof asked === "object" && asked !== null && !Array.isArray(asked) && typeof told === "object" && told !== null)
    return Object.entries(asked).flatMap(([key, item]) =>
      differences(item, (told as Tree)[key], path === "" ? key : `${path}.${key}`),
    );
  return Object.is(asked, told) ? [] : [`${path}: asked ${JSON.stringify(asked)}, told ${JSON.stringify(told)}`];
}

