import type { Finding } from "../../model/finding";
import { keyOf, type Model, type Ref, type Service, type Version } from "../../model/model";
import { principalsOf } from "../../model/lookup";
import type { Context } from "./context";

/** Service of one version: a subset by another name. */
export const versionServiceOf = (service: Ref, version: Version): Ref => ({
  name: `${service.name}-${version.name}`,
  namespace: service.namespace,
});
export const serverOf = (service: Ref, port: number): Ref => ({
  name: `${service.name}-${port}`,
  namespace: service.namespace,
});

/** `cart.shop.serviceaccount.identity.linkerd.cluster.local` */
const identity = ({ model, settings }: Context, namespace: string, account: string): string =>
  `${account}.${namespace}.serviceaccount.identity.${settings.controlPlaneNamespace}.${model.trustDomain}`;

export const everyoneIn = ({ model, settings }: Context, namespace: string): string =>
  `*.${namespace}.serviceaccount.identity.${settings.controlPlaneNamespace}.${model.trustDomain}`;

export const identitiesOf = (context: Context, service: Service): readonly string[] =>
  principalsOf(context.model, service).flatMap((principal) => identityOf(context, principal) ?? []);

/**
 * A principal (`TRUST_DOMAIN/ns/NS/sa/SA`) as Linkerd's identity. `*` alone is any meshed identity; a `*` for the
 * account is every account of the namespace; any other pattern has no form there.
 */
export function identityOf(context: Context, principal: string): string | undefined {
  if (principal === "*") return "*";
  const parts = /^([^/]+)\/ns\/([^/*]+)\/sa\/([^/]+)$/.exec(principal);
  const [, domain, namespace = "", account = ""] = parts ?? [];
  if (parts === null || domain !== context.model.trustDomain) return undefined;
  if (account === "*") return everyoneIn(context, namespace);
  return account.includes("*") ? undefined : identity(context, namespace, account);
}

const LONGEST = 63;

/** Services of versions that would be some other service, or whose name no Service can have. */
export function nameFindings(model: Model): Finding[] {
  const taken = new Map(model.services.map((service) => [keyOf(service), service.path]));
  return model.services.flatMap((service) =>
    service.versions.flatMap((version): Finding[] => {
      const made = versionServiceOf(service, version);
      const other = taken.get(keyOf(made));
      taken.set(keyOf(made), version.path);
      const problem =
        other !== undefined
          ? `is ${other} already`
          : made.name.length > LONGEST
            ? `has ${made.name.length} characters, and a Service has ${LONGEST} at most`
            : undefined;
      if (problem === undefined) return [];
      return [
        {
          code: "MESH2210",
          level: "error",
          path: version.path,
          message: `version ${version.name} of ${service.name} becomes the Service ${made.name} of Linkerd, which ${problem}`,
          remedy: "Name the service or the version otherwise.",
        },
      ];
    }),
  );
}
