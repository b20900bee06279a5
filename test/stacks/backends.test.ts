import * as compiler from "../../components/compile";
import { Backend } from "../../components";
import { isReference, mapValues, type Plan, type PlanResource, referencesIn } from "../../src/plan";
import { HostMesh } from "../../components/resources/host-mesh";
import { manifest } from "../../components/resources/kubernetes";
import { type Registration, run } from "../components/support/program";
import { type Program, programs } from "./support/programs";

jest.mock("../../components/compile", () => {
  const actual = jest.requireActual<typeof compiler>("../../components/compile");
  return { ...actual, compile: jest.fn(actual.compile) };
});
const compile = jest.mocked(compiler.compile);
// Warnings of the meshes themselves are the business of other tests.
beforeEach(() => void jest.spyOn(console, "warn").mockImplementation());

interface Switched {
  readonly document: unknown;
  readonly plan: Plan;
  readonly made: readonly Registration[];
  readonly resources: readonly Registration[];
}

/** Runs a program on a backend, once; its Plan is the one that the components compiled. */
function on(program: Program, backend: Backend): Promise<Switched> {
  const key = `${Object.values(programs).indexOf(program)} ${backend}`;
  const found = runs.get(key) ?? start(program, backend);
  runs.set(key, found);
  return found;
}
const runs = new Map<string, Promise<Switched>>();

async function start(program: Program, backend: Backend): Promise<Switched> {
  compile.mockClear();
  const plan = (): Plan => compile.mock.results.at(-1)?.value.plan as Plan;
  // Known once the program has made its mesh, which is before the first resource asks.
  let outputs: ReturnType<typeof provided> | undefined;
  const { project } = program;
  const config = Object.entries(program.config(backend)).map(([key, value]) => [`${project}:${key}`, value] as const);
  const made = await run(program.run, {
    project,
    stack: backend,
    config: Object.fromEntries(config),
    outputs: (type, name) => (outputs ??= provided(plan()))(type, name),
  });
  return {
    document: compile.mock.calls.at(-1)?.[0],
    plan: plan(),
    made,
    resources: made.filter(({ custom }) => custom),
  };
}

/** What a provider tells of each resource beyond its inputs: every output that the Plan reads of it. */
function provided(plan: Plan): (type: string, name: string) => Record<string, unknown> {
  const ids = new Map(plan.resources.map(({ type, name, id }) => [`${type} ${name}`, id]));
  const read = plan.resources.flatMap(({ properties }) => referencesIn(properties));
  return (type, name) => {
    const target = ids.get(`${type} ${name}`);
    const outputs = read.filter(({ $ref, output }) => $ref === target && output !== "id").map(({ output }) => output);
    return Object.fromEntries(outputs.map((output) => [output, `${name}#${output}`]));
  };
}

/** The properties as the engine must get them: each reference is the value that its target has. */
function expected(plan: Plan, value: unknown): unknown {
  return mapValues(value, (leaf) => {
    if (!isReference(leaf)) return undefined;
    const target = plan.resources.find(({ id }) => id === leaf.$ref) as PlanResource;
    if (leaf.output === "id") return { value: `${target.name}-id` };
    const given = target.properties[leaf.output];
    return { value: given === undefined ? `${target.name}#${leaf.output}` : expected(plan, given) };
  });
}
const inputsOf = (plan: Plan, resource: PlanResource): unknown =>
  JSON.parse(
    JSON.stringify(expected(plan, resource.provider === "kubernetes" ? manifest(resource) : resource.properties)),
  );

const named = ({ type, name }: { readonly type: string; readonly name: string }): string => `${type} ${name}`;

const kindOf: Readonly<Record<string, string>> = {
  MeshService: "service",
  ExternalService: "external",
  MeshGateway: "gateway",
  MeshRoute: "route",
  MtlsPolicy: "mtls",
  AuthorizationPolicy: "authorization",
};
/** URNs of the pieces by the owner that a Plan calls them. */
const ownersIn = (made: readonly Registration[]): ReadonlyMap<string, string> =>
  new Map(
    made
      .filter(({ custom, type }) => !custom && type.startsWith("meshup:"))
      .map(({ type, urn, outputs }) => [
        `${kindOf[type.split(":").at(-1) ?? ""] ?? "mesh"}:${String(outputs.namespace)}/${String(outputs.name)}`,
        urn,
      ]),
  );

describe.each(Object.keys(programs))("%s, switched by config alone", (name) => {
  const program = programs[name] as Program;
  const all = Object.values(Backend);
  const clusters = all.filter((backend) => backend !== Backend.Proxy);

  it.each(all)("is taken by %s, with the losses that it accepts itself", (backend) => {
    expect(program.refused(backend)).toEqual([]);
  });

  it.each(clusters)(
    "makes what the Plan for %s holds, as it holds it, below the pieces that own it",
    async (backend) => {
      const { plan, made, resources } = await on(program, backend);
      expect(resources.map(named).sort()).toEqual(plan.resources.map(named).sort());
      expect(resources.length).toBeGreaterThan(3);

      const byName = new Map(resources.map((resource) => [named(resource), resource]));
      const found = (resource: PlanResource): Registration => byName.get(named(resource)) as Registration;
      const byId = new Map(plan.resources.map((resource) => [resource.id, found(resource)]));
      const owners = ownersIn(made);
      const mesh = made.find(({ type }) => type === "meshup:index:Mesh");
      for (const resource of plan.resources) {
        const { inputs, parent, dependencies, protect } = found(resource);
        expect({ id: resource.id, inputs }).toMatchObject({ id: resource.id, inputs: inputsOf(plan, resource) });
        expect({ id: resource.id, parent }).toEqual({
          id: resource.id,
          parent: owners.get(resource.owner) ?? mesh?.urn,
        });
        expect(dependencies).toEqual(expect.arrayContaining(resource.dependsOn.map((id) => byId.get(id)?.urn)));
        expect(protect).toBe(resource.protect ?? false);
      }
    },
  );

  it("has the same pieces, by name and parent, on every backend", async () => {
    const pieces = async (backend: Backend): Promise<string[]> =>
      (await on(program, backend)).made.filter(({ custom }) => !custom).map(({ urn }) => urn.split("::").at(-1) ?? "");
    const first = await pieces(Backend.Istio);
    expect(first.length).toBeGreaterThan(3);
    for (const backend of clusters)
      expect({ backend, pieces: await pieces(backend) }).toEqual({ backend, pieces: first });
  });

  it("is one mesh on this host, with the whole document", async () => {
    const { document, made, resources } = await on(program, Backend.Proxy);
    const mesh = made.find(({ type }) => type === "meshup:index:Mesh");
    expect(resources).toMatchObject([{ type: HostMesh.type, parent: mesh?.urn, inputs: { name: program.project } }]);
    expect(resources[0]?.inputs.document).toEqual(document);
  });
});
