import * as pulumi from "@pulumi/pulumi";
import type { SharedMesh } from "../args";
import { codes, userError } from "../errors";
import { SHARED_VERSION } from "./export";

const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): boolean => Array.isArray(value);
const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

const shape: Readonly<Record<Exclude<keyof SharedMesh, "version">, (value: unknown) => boolean>> = {
  stack: isText,
  name: isText,
  namespace: isText,
  backend: isText,
  trustDomain: isText,
  namespaces: isList,
  services: isList,
  ids: isMap,
  document: isText,
};

/** The handle that a stack exports. Throws, as a user's error, where there is none or one of another release. */
export async function fromStack(stack: string | pulumi.StackReference, output: string): Promise<SharedMesh> {
  const reference = isText(stack) ? new pulumi.StackReference(stack) : stack;
  const name = isText(stack) ? stack : await promised(stack.name);
  const { value, secretValue } = await reference.getOutputDetails(output);
  return readShared(value ?? secretValue, `Stack ${name}`, output);
}

const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

/** Checks what is said to be a handle; `from` and `output` tell where it came from. */
export function readShared(value: unknown, from: string, output: string): SharedMesh {
  const found = isMap(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  if (found?.version === undefined)
    throw userError(
      codes.sharedMesh,
      `${from} has no mesh in its output ${output}.`,
      `There, write: export const ${output} = mesh.export; and update it. Other outputs: Mesh.fromStack(stack, "name").`,
    );
  if (found.version !== SHARED_VERSION)
    throw userError(
      codes.sharedMesh,
      `${from} tells its mesh in version ${String(found.version)}, and this release of meshup reads ${SHARED_VERSION}.`,
      "Use the same release of meshup in both stacks, and update the owner's first.",
    );
  const wrong = Object.entries(shape).filter(([key, fits]) => !fits(found[key]));
  if (wrong.length > 0)
    throw userError(
      codes.sharedMesh,
      `${from} has no mesh in its output ${output}: ${wrong.map(([key]) => key).join(", ")} not as mesh.export tells it.`,
      "Export mesh.export itself.",
    );
  return found as unknown as SharedMesh;
}
