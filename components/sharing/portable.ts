import { isOpaque } from "../../src/model";

type Data = Readonly<Record<string, unknown>>;
const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isOpaque(value);

/** Stands for a value that only the owner knows. Nobody applies it: the owner's resources are made by the owner. */
const ELSEWHERE = "known-to-the-owning-stack";

/** What other stacks need of a workload: its identity, its ports, and which pods it means. */
function workload(value: unknown): unknown {
  if (!isData(value)) return value;
  const { name, serviceAccount, replicas, bind, container } = value;
  return {
    ...{ name, serviceAccount, replicas, bind },
    ...(isData(container) && { container: { name: container.name, port: container.port, image: ELSEWHERE } }),
  };
}

/**
 * A mesh as another stack may read it: values known only at deployment, and all that merely runs (images, commands,
 * environments, templates), are left with the owner. An exported stack output thus never carries a secret.
 */
export function portable(value: unknown): unknown {
  if (isOpaque(value)) return ELSEWHERE;
  if (Array.isArray(value)) return value.map(portable);
  if (!isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, portable(key === "workload" ? workload(item) : item)]),
  );
}
