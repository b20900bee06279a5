import { podLabelsOf, selects } from "../model/lookup";
import { Kept } from "./kept";
import { keyOf, type AuthorizationPolicy, type Model, type Service } from "../model/model";

interface Numbered {
  readonly policy: AuthorizationPolicy;
  readonly place: number;
}
interface Index {
  readonly byService: ReadonlyMap<string, readonly Numbered[]>;
  readonly byNamespace: ReadonlyMap<string, readonly Numbered[]>;
}
/** Made once per model: a mesh of thousands has about as many policies as services. */
const indexes = new WeakMap<Model["policies"], Index>();

function indexOf({ policies }: Model): Index {
  const known = indexes.get(policies);
  if (known !== undefined) return known;
  const byService = new Map<string, Numbered[]>();
  const byNamespace = new Map<string, Numbered[]>();
  for (const [place, policy] of policies.authorization.entries()) {
    const { service, namespace } = policy.target;
    const [map, key] = service === undefined ? [byNamespace, namespace] : [byService, keyOf(service)];
    const list = map.get(key);
    if (list === undefined) map.set(key, [{ policy, place }]);
    else list.push({ policy, place });
  }
  const index = { byService, byNamespace };
  indexes.set(policies, index);
  return index;
}

/** Authorization policies for a service: by its name, by labels of its pods, or for its namespace; in the order written. */
export const authorizationFor = (model: Model, service: Service): readonly AuthorizationPolicy[] =>
  kept.of([model.policies], service, () => targeting(model, service));
const kept = new Kept<readonly AuthorizationPolicy[]>();

function targeting(model: Model, service: Service): readonly AuthorizationPolicy[] {
  const { byService, byNamespace } = indexOf(model);
  const pods =
    service.versions.length === 0 ? [service.labels] : service.versions.map((version) => podLabelsOf(service, version));
  const around = (byNamespace.get(service.namespace) ?? []).filter(
    ({ policy: { target } }) =>
      target.selector === undefined || pods.some((labels) => selects(target.selector ?? {}, labels)),
  );
  return [...(byService.get(keyOf(service)) ?? []), ...around]
    .sort((a, b) => a.place - b.place)
    .map(({ policy }) => policy);
}

/** Does a policy select pods of some versions only? */
export const coversPartly = ({ target }: AuthorizationPolicy, service: Service): boolean => {
  const { service: named, selector } = target;
  if (named !== undefined || selector === undefined) return false;
  return service.versions.some((version) => !selects(selector, podLabelsOf(service, version)));
};

/** Is what no ALLOW names denied? */
export const deniedByDefault = (model: Model, service: Service): boolean =>
  model.policies.defaultDeny.some(({ namespace }) => namespace === "*" || namespace === service.namespace);
