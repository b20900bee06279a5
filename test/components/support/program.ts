import * as pulumi from "@pulumi/pulumi";

/** One resource as a program registered it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** A resource of a provider, not a component. */
  readonly custom: boolean;
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
  getCustom(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getProtect(): boolean;
}
type Register = (request: Request, answer: (error: unknown, response: { getUrn(): string }) => void) => Promise<void>;
interface Monitor {
  registerResource: Register;
  getRegisteredResources(): Map<string, { readonly state: unknown }>;
}

export interface RunOptions {
  readonly preview?: boolean;
  /** Default `project` and `stack`. */
  readonly project?: string;
  readonly stack?: string;
  /** `project:key` to text, as the engine passes it. */
  readonly config?: Readonly<Record<string, string>>;
  /** What the provider adds to a resource's inputs. */
  readonly outputs?: (type: string, name: string) => Readonly<Record<string, unknown>>;
  /** Outputs of other stacks, by the stack's name. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Runs a program under the SDK's mocks; gives what it registered, in order. Two resources of one URN are an error. */
export async function run(program: () => unknown, options: RunOptions = {}): Promise<Registration[]> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => ({
        id: custom === true && options.preview !== true ? `${name}-id` : undefined,
        state: {
          ...options.outputs?.(type, name),
          ...(inputs as Record<string, unknown>),
          ...(type === "pulumi:pulumi:StackReference" && {
            outputs: options.stacks?.[name] ?? {},
            secretOutputNames: [],
          }),
        },
      }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    options.project ?? "project",
    options.stack ?? "stack",
    options.preview ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...options.config }, []);
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
          custom: request.getCustom(),
          inputs: request.getObject()?.toJavaScript() ?? {},
          dependencies: request.getDependenciesList(),
          protect: request.getProtect(),
        });
      answer(error, response);
    });
  // The SDK takes a stack trace for each promise, and mapping it to the source is most of a program's time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await program();
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
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
