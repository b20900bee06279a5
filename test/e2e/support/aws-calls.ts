import * as appmesh from "@aws-sdk/client-app-mesh";
import * as servicediscovery from "@aws-sdk/client-servicediscovery";
import * as lattice from "@aws-sdk/client-vpc-lattice";
import type { Plan, PlanResource, Reference } from "../../../src/plan";
import { type AwsService, type Call, kindOf, type Outputs, stub, toApi, type Tree } from "./aws-api";

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
  readonly middlewareStack: { add(middleware: Middleware, options: object): void };
}
interface Result {
  readonly response: { statusCode: number; body: unknown };
}
type Middleware = (next: (args: unknown) => Promise<Result>) => (args: unknown) => Promise<Result>;
/** moto has no such operation. */
export class NotImplementedError extends Error {}

const DATE = /"(\d\d)\/(\d\d)\/(\d{4}), (\d\d:\d\d:\d\d)"/g;

/** moto writes App Mesh's dates as text, where AWS writes seconds, and a page for what it lacks. */
const asAwsAnswers: Middleware = (next) => async (args) => {
  const result = await next(args);
  const { response } = result;
  const chunks: Buffer[] = [];
  for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.startsWith("<!doctype"))
    throw new NotImplementedError(`answered ${response.statusCode}: ${text.slice(0, 200)}`);
  const seconds = (day: string, month: string, year: string, time: string): string =>
    String(Date.parse(`${year}-${month}-${day}T${time}Z`) / 1000);
  response.body = Buffer.from(
    text.replace(DATE, (_all, day: string, month: string, year: string, time: string) =>
      seconds(day, month, year, time),
    ),
  );
  return result;
};

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
      appmesh: new appmesh.AppMeshClient(config) as unknown as Client,
      "vpc-lattice": new lattice.VPCLatticeClient(config) as unknown as Client,
      servicediscovery: new servicediscovery.ServiceDiscoveryClient(config) as unknown as Client,
    };
    for (const client of Object.values(this.clients))
      client.middlewareStack.add(asAwsAnswers, { step: "deserialize", priority: "low" });
  }

  /** Whether the stand-in knows the operation; it answers those it does not know with a page. */
  async knows(call: Call): Promise<boolean> {
    return this.call(call).then(
      () => true,
      (error: unknown) => !(error instanceof NotImplementedError),
    );
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
export async function make(aws: Aws, plan: Plan, skipped: (resource: PlanResource) => boolean): Promise<Made[]> {
  const made = new Map<string, Made>();
  const formed = stub(plan.resources);
  const resolve = (reference: Reference): unknown => {
    const known = made.get(reference.$ref)?.outputs[reference.output];
    return known ?? formed(reference);
  };
  for (const resource of plan.resources) {
    if (resource.provider !== "aws" || skipped(resource)) continue;
    const { service, operation, input, outputs } = toApi(resource, resolve);
    const answer = await aws.call({ service, operation, input: asMotoTakes(operation, input) });
    made.set(resource.id, { resource, input, outputs: outputs(await settle(aws, answer), input) });
  }
  return [...made.values()];
}

/** moto wants attributes of a Cloud Map service, and takes one private namespace a VPC; AWS's own model says neither. */
function asMotoTakes(operation: string, input: Tree): Tree {
  if (operation === "CreatePrivateDnsNamespace") return { ...input, Vpc: `${String(input.Vpc)}-${String(input.Name)}` };
  const { serviceDiscovery, ...spec } = (input.spec ?? {}) as Tree;
  const { awsCloudMap, ...other } = (serviceDiscovery ?? {}) as Tree;
  if (awsCloudMap === undefined) return input;
  const filled = { attributes: [], ...(awsCloudMap as Tree) };
  return { ...input, spec: { ...spec, serviceDiscovery: { ...other, awsCloudMap: filled } } };
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
