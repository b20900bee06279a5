import { serviceOf } from "../../model/lookup";
import { keyOf, type AuthorizationPolicy, type MtlsMode, type Port, type Source } from "../../model/model";
import type { Context } from "./context";
import { everyoneIn, identitiesOf, identityOf } from "./names";
import { type Network, networksOf } from "./networks";
import { EVERYTHING, type Region, regionsOf } from "./regions";

/** Who may come, and where to. */
export interface Grant {
  readonly name: string;
  readonly owner: string;
  /** The whole port where one of them is everything. */
  readonly regions: readonly Region[];
  /** Any of these: an identity, a network, or both at once. */
  readonly callers: readonly Caller[];
}
export interface Caller {
  readonly identities?: readonly string[];
  readonly networks?: readonly Network[];
}

export const isWide = ({ regions }: Grant): boolean => regions.some((region) => Object.keys(region).length === 0);

/** What ALLOW policies let in at a port; an empty list of rules lets nobody in. */
export const grantsFor = (
  context: Context,
  namespace: string,
  port: Port,
  mode: MtlsMode,
  policies: readonly AuthorizationPolicy[],
): readonly Grant[] =>
  policies
    .filter(({ action }) => action === "ALLOW")
    .flatMap((policy) =>
      policy.rules.flatMap((rule, r): Grant[] => {
        const operations = rule.to.filter(
          (to) =>
            (to.ports.length === 0 || to.ports.includes(port.targetPort)) && !to.not.ports.includes(port.targetPort),
        );
        if (rule.to.length > 0 && operations.length === 0) return [];
        // A claim can be asked nowhere, so a rule that needs one lets nobody in rather than everybody.
        if (rule.when.length > 0) return [];
        const callers = (rule.from.length === 0 ? [undefined] : rule.from).flatMap(
          (source) => callerOf(context, source, mode) ?? [],
        );
        if (callers.length === 0) return [];
        const of = policy.namespace === namespace ? policy.name : `${policy.name}.${policy.namespace}`;
        const regions = operations.length === 0 ? [EVERYTHING] : operations.flatMap(regionsOf);
        return [{ name: `${of}.${r}`, owner: `authorization:${keyOf(policy)}`, regions, callers }];
      }),
    );

/** Undefined: nobody, since what is asked has no form on Linkerd. */
function callerOf(context: Context, source: Source | undefined, mode: MtlsMode): Caller | undefined {
  // Where mTLS is required, a caller without an identity stays outside whatever a policy says.
  const meshed = mode === "STRICT" ? { identities: ["*"] } : {};
  if (source === undefined) return mode === "STRICT" ? meshed : { networks: networksOf([], []) };
  if (source.requestPrincipals.length > 0) return undefined;
  const named = source.services.length + source.principals.length + source.namespaces.length > 0;
  const identities = identitiesFor(context, source);
  if (named && identities.length === 0) return undefined;
  const byNetwork = source.ipBlocks.length + source.not.ipBlocks.length > 0;
  const networks = networksOf(source.ipBlocks, source.not.ipBlocks);
  if (byNetwork && networks.length === 0) return undefined;
  return {
    ...(named ? { identities } : meshed),
    ...((byNetwork || (!named && mode !== "STRICT")) && { networks }),
  };
}

const identitiesFor = (context: Context, source: Source): readonly string[] => [
  ...source.services.flatMap((ref) => {
    const service = serviceOf(context.model, ref);
    return service === undefined ? [] : identitiesOf(context, service);
  }),
  ...source.principals.flatMap((principal) => identityOf(context, principal) ?? []),
  ...source.namespaces.map((namespace) => everyoneIn(context, namespace)),
];
