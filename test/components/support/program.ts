import * as pulumi from "@pulumi/pulumi";

/** One resource as a program registered it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  /** What a component registered as its outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getProtect(): boolean;
}
type Register = (request: Request, answer: (error: unknown, response: { getUrn(): string }) => void) => Promise<void>;
interface Monitor {
  registerResource: Register;
  getRegisteredResources(): Map<string, { readonly state: unknown }>;
}

/** Runs a program under the SDK's mocks; gives what it registered, in order. Two resources of one URN are an error. */
export async function run(program: () => unknown, options: { preview?: boolean } = {}): Promise<Registration[]> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs, custom }) => ({
        id: custom === true && options.preview !== true ? `${name}-id` : undefined,
        state: inputs as Record<string, unknown>,
      }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "project",
    "stack",
    options.preview ?? false,
    "organization",
  );
  const monitor = runtimeMonitor();
  const seen: Omit<Registration, "outputs">[] = [];
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) =>
    register(request, (error, response) => {
      if (error == null)
        seen.push({
          urn: response.getUrn(),
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          inputs: request.getObject()?.toJavaScript() ?? {},
          dependencies: request.getDependenciesList(),
          protect: request.getProtect(),
        });
      answer(error, response);
    });
  await program();
  await pulumi.runtime.disconnect();
  const twice = seen.map(({ urn }) => urn).filter((urn, index, all) => all.indexOf(urn) !== index);
  if (twice.length > 0) throw new Error(`registered twice: ${twice.join(", ")}`);
  const states = monitor.getRegisteredResources();
  return seen.map((one) => ({ ...one, outputs: plain(states.get(one.urn)?.state) }));
}

/** A component's outputs arrive as a protobuf Struct. */
const plain = (state: unknown): Record<string, unknown> =>
  typeof state === "object" && state !== null && "toJavaScript" in state
    ? (state as { toJavaScript(): Record<string, unknown> }).toJavaScript()
    : ((state ?? {}) as Record<string, unknown>);

const runtimeMonitor = (): Monitor => (pulumi.runtime as unknown as { getMonitor(): Monitor }).getMonitor();

/** `Mesh$MeshService::cart`: type chain and name, without project and stack. */
export const shortUrn = (urn: string): string => urn.split("::").slice(2).join("::").replaceAll("meshup:index:", "");
