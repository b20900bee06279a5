import { isReference, mapValues, type PlanResource, type Reference } from "../../../src/plan";

export type Tree = Readonly<Record<string, unknown>>;
export type AwsService = "appmesh" | "vpc-lattice" | "servicediscovery";
export interface Call {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: Tree;
}
/** Outputs of a resource, by Pulumi's names. */
export type Outputs = Tree;

/** How one Pulumi resource of AWS is made, read and deleted. Properties come with their references resolved. */
interface Kind {
  readonly service: AwsService;
  readonly create: string;
  readonly input: (properties: Tree) => Tree;
  /** From the answer of `create`, or of `read`. */
  readonly outputs: (answer: Tree, input: Tree) => Outputs;
  readonly read: string;
  readonly delete: string;
  /** What `read` and `delete` name it by. */
  readonly key: (input: Tree, outputs: Outputs) => Tree;
  /** Where in the answer of `read` stands what `create` was told. */
  readonly told: (answer: Tree) => Tree;
}

const tree = (value: unknown): Tree => (typeof value === "object" && value !== null ? (value as Tree) : {});
const pick = (value: Tree, ...keys: readonly string[]): Tree =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));

// ── App Mesh ────────────────────────────────────────────────────────────────────────────────────────────────

/** The provider's plurals for what App Mesh has one of, and for its lists. */
const ONE: Readonly<Record<string, string>> = { https: "http", http2s: "http2", tcps: "tcp" };
const LIST: Readonly<Record<string, string>> = { exacts: "exact", jsons: "json", metadatas: "metadata" };

function meshSpec(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meshSpec);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const one = ONE[key];
      if (one !== undefined) {
        if (!Array.isArray(item) || item.length !== 1) throw new Error(`${key} holds other than one`);
        return [one, meshSpec(item[0])];
      }
      return [LIST[key] ?? key, meshSpec(item)];
    }),
  );
}

/** `kind` is the API's word: `virtualNode` is called by `virtualNodeName`. */
function appmesh(kind: string, ...within: readonly string[]): Kind {
  const Kind = kind[0]?.toUpperCase() + kind.slice(1);
  const named = `${kind}Name`;
  return {
    service: "appmesh",
    create: `Create${Kind}`,
    input: ({ name, spec, ...rest }) => ({ ...rest, [named]: name, spec: meshSpec(spec) }),
    outputs: (answer, input) => {
      const metadata = tree(tree(answer[kind]).metadata);
      return { name: input[named], id: metadata.uid, arn: metadata.arn };
    },
    read: `Describe${Kind}`,
    delete: `Delete${Kind}`,
    key: (input) => pick(input, named, ...within),
    told: (answer) => ({ ...pick(tree(answer[kind]), named, ...within), spec: tree(answer[kind]).spec }),
  };
}

// ── VPC Lattice ─────────────────────────────────────────────────────────────────────────────────────────────

function lattice(kind: string, over: Partial<Kind> = {}): Kind {
  const word = kind[0]?.toLowerCase() + kind.slice(1);
  return {
    service: "vpc-lattice",
    create: `Create${kind}`,
    input: (properties) => properties,
    outputs: (answer) => ({ id: answer.id, arn: answer.arn, name: answer.name }),
    read: `Get${kind}`,
    delete: `Delete${kind}`,
    key: (_input, { id }) => ({ [`${word}Identifier`]: id }),
    told: (answer) => answer,
    ...over,
  };
}
/** `forwards` is the provider's list of one. */
function listenerInput({ defaultAction, ...rest }: Tree): Tree {
  const { forwards, ...others } = tree(defaultAction);
  const [forward] = Array.isArray(forwards) ? (forwards as unknown[]) : [];
  return { ...rest, defaultAction: forward === undefined ? others : { ...others, forward } };
}
function targetGroupInput({ config, ...rest }: Tree): Tree {
  const { healthCheck, ...others } = tree(config);
  const { matcher, ...check } = tree(healthCheck);
  const matched = matcher === undefined ? {} : { matcher: { httpCode: tree(matcher).value } };
  return {
    ...rest,
    config: { ...others, ...(healthCheck !== undefined && { healthCheck: { ...check, ...matched } }) },
  };
}

// ── Cloud Map ───────────────────────────────────────────────────────────────────────────────────────────────

const ACRONYMS: Readonly<Record<string, string>> = { ttl: "TTL" };
/** Cloud Map capitalizes its members. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      ACRONYMS[key] ?? `${key[0]?.toUpperCase()}${key.slice(1)}`,
      key === "attributes" ? item : capitalized(item),
    ]),
  );
}
const cloudMap = (create: string, read: string, remove: string, over: Partial<Kind>): Kind => ({
  service: "servicediscovery",
  create,
  input: (properties) => tree(capitalized(properties)),
  outputs: () => ({}),
  read,
  delete: remove,
  key: (_input, { id }) => ({ Id: id }),
  told: (answer) => answer,
  ...over,
});
const namespace = (create: string): Kind =>
  cloudMap(create, "GetNamespace", "DeleteNamespace", {
    // Made by an operation that runs on; its target is the namespace (`settle` in aws-calls.ts).
    outputs: (answer, input) => ({ id: answer.NamespaceId, name: input.Name }),
    told: (answer) => pick(tree(answer.Namespace), "Name"),
  });

/** Pulumi's types of the AWS renderings, and what each means to AWS. */
export const KINDS: Readonly<Record<string, Kind>> = {
  "aws:appmesh/mesh:Mesh": appmesh("mesh"),
  "aws:appmesh/virtualNode:VirtualNode": appmesh("virtualNode", "meshName"),
  "aws:appmesh/virtualRouter:VirtualRouter": appmesh("virtualRouter", "meshName"),
  "aws:appmesh/route:Route": appmesh("route", "meshName", "virtualRouterName"),
  "aws:appmesh/virtualService:VirtualService": appmesh("virtualService", "meshName"),
  "aws:appmesh/virtualGateway:VirtualGateway": appmesh("virtualGateway", "meshName"),
  "aws:appmesh/gatewayRoute:GatewayRoute": appmesh("gatewayRoute", "meshName", "virtualGatewayName"),
  "aws:vpclattice/serviceNetwork:ServiceNetwork": lattice("ServiceNetwork"),
  "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation": lattice("ServiceNetworkVpcAssociation"),
  "aws:vpclattice/service:Service": lattice("Service"),
  "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation": lattice(
    "ServiceNetworkServiceAssociation",
    {
      told: ({ serviceId, serviceNetworkId }) => ({
        serviceIdentifier: serviceId,
        serviceNetworkIdentifier: serviceNetworkId,
      }),
    },
  ),
  "aws:vpclattice/targetGroup:TargetGroup": lattice("TargetGroup", { input: targetGroupInput }),
  "aws:vpclattice/listener:Listener": lattice("Listener", {
    input: listenerInput,
    outputs: (answer) => ({ id: answer.id, arn: answer.arn, listenerId: answer.id }),
    told: (answer) => ({ ...answer, serviceIdentifier: answer.serviceId }),
    key: (input, { id }) => ({ ...pick(input, "serviceIdentifier"), listenerIdentifier: id }),
  }),
  "aws:vpclattice/listenerRule:ListenerRule": lattice("Rule", {
    key: (input, { id }) => ({ ...pick(input, "serviceIdentifier", "listenerIdentifier"), ruleIdentifier: id }),
  }),
  "aws:vpclattice/accessLogSubscription:AccessLogSubscription": lattice("AccessLogSubscription", {
    told: (answer) => ({ ...answer, resourceIdentifier: answer.resourceId }),
  }),
  "aws:servicediscovery/httpNamespace:HttpNamespace": namespace("CreateHttpNamespace"),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": namespace("CreatePrivateDnsNamespace"),
  "aws:servicediscovery/service:Service": cloudMap("CreateService", "GetService", "DeleteService", {
    outputs: (answer, input) => ({ id: tree(answer.Service).Id, arn: tree(answer.Service).Arn, name: input.Name }),
    told: (answer) => tree(answer.Service),
  }),
  "aws:servicediscovery/instance:Instance": cloudMap("RegisterInstance", "GetInstance", "DeregisterInstance", {
    key: (input) => pick(input, "ServiceId", "InstanceId"),
    outputs: (_answer, input) => ({ id: input.InstanceId }),
    told: (answer) => ({ ...tree(answer.Instance), InstanceId: tree(answer.Instance).Id }),
  }),
};

export const kindOf = (resource: PlanResource): Kind => {
  const kind = KINDS[resource.type];
  if (kind === undefined) throw new Error(`no AWS call is known for ${resource.type}`);
  return kind;
};

/** The call that makes a resource; `resolve` answers for outputs of others. */
export function toApi(
  resource: PlanResource,
  resolve: (reference: Reference) => unknown,
): Call & Pick<Kind, "outputs"> {
  const { service, create, input, outputs } = kindOf(resource);
  const properties = mapValues(resource.properties, (leaf) =>
    isReference(leaf) ? { value: resolve(leaf) } : undefined,
  );
  return { service, operation: create, input: input(tree(properties)), outputs };
}

/** Outputs as AWS forms them, for checks that call nobody. */
export function stub(resources: readonly PlanResource[]): (reference: Reference) => unknown {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const prefixes: Readonly<Record<string, string>> = {
    "aws:vpclattice/serviceNetwork:ServiceNetwork": "sn-",
    "aws:vpclattice/service:Service": "svc-",
    "aws:vpclattice/targetGroup:TargetGroup": "tg-",
    "aws:vpclattice/listener:Listener": "listener-",
    "aws:servicediscovery/service:Service": "srv-",
  };
  const resolve = ({ $ref, output }: Reference): unknown => {
    const target = byId.get($ref);
    if (target === undefined) throw new Error(`${$ref} is not in the plan`);
    if (output === "hex") return `${String(target.properties.prefix)}0a1b2c`;
    if (output === "name")
      return isReference(target.properties.name) ? resolve(target.properties.name) : target.properties.name;
    if (output === "id" || output === "listenerId" || output === "arn")
      return `${prefixes[target.type] ?? "ns-"}0123456789abcdef0`;
    throw new Error(`${$ref} has no output ${output}`);
  };
  return resolve;
}
