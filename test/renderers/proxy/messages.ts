import { stringify } from "yaml";
import { BOOTSTRAP, type BootstrapProperties, CLIENT_ACCOUNT } from "../../../src/renderers/proxy";
import type { Plan } from "../../../src/plan";
import { kindsOf } from "../support/plan-golden";
import type { Held } from "../support/written-fields";

type Tree = Readonly<Record<string, unknown>>;
const tree = (value: unknown): Tree => (typeof value === "object" && value !== null ? (value as Tree) : {});

/** `# proxy: cart-v1`: the workload whose proxy a case is about; otherwise the client's. */
export const proxyOf = (text: string): string => /^# proxy: (.+)$/m.exec(text)?.[1] ?? CLIENT_ACCOUNT;

/** Envoy's messages inside a configuration, by their names: what has a type of its own, and what stands in a known place. */
function* within(value: unknown, place = ""): Generator<Held> {
  if (Array.isArray(value)) for (const each of value as unknown[]) yield* within(each, place);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const properties = value as Tree;
  const type = properties["@type"];
  const known = { listeners: "Listener", clusters: "Cluster", filter_chains: "FilterChain", routes: "Route" };
  const kind = typeof type === "string" ? type.split(".").at(-1) : known[place as keyof typeof known];
  if (kind !== undefined) yield { kind, properties };
  for (const [key, inner] of Object.entries(properties)) yield* within(inner, key);
}

/** The messages of the proxy that a case is about, in the order of its configuration. */
export function messagesOf(plan: Plan, text: string): Held[] {
  const bootstrap = plan.resources
    .filter(({ type }) => type === BOOTSTRAP)
    .map(({ properties }) => properties as unknown as BootstrapProperties)
    .find(({ workload }) => workload === proxyOf(text))?.bootstrap;
  if (bootstrap === undefined) throw new Error(`there is no proxy of ${proxyOf(text)}`);
  return [...within(tree(bootstrap).static_resources)];
}

/** `# golden: Route, Cluster`: those messages, as a person reads them. */
export const shownMessages = (plan: Plan, text: string): string =>
  stringify(
    messagesOf(plan, text)
      .filter(({ kind }) => kindsOf(text).includes(kind))
      .map(({ kind, properties }) => ({ [kind]: properties })),
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
