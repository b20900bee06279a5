import { routesFor } from "../../model/lookup";
import { keyOf, type Model, type Service } from "../../model/model";
import { type PlanResource, ref } from "../../plan/plan";
import { wrote } from "../../model/wrote";
import { networkId, RANDOM_BYTES, serviceId, servicePrefix } from "./names";

/** Lattice's API model, 2022-11-30: a connection may be idle for 60 to 600 s, 60 where nothing is said. */
export const IDLE_SECONDS = { least: 60, most: 600 } as const;

/** The service under a name that is never used twice, and its place in the service network. */
export function latticeService(model: Model, service: Service): PlanResource[] {
  const owner = `service:${keyOf(service)}`;
  const name = keyOf(service);
  const unique: PlanResource = {
    id: `random.RandomId/${keyOf(service)}`,
    type: "random:index/randomId:RandomId",
    name,
    properties: { byteLength: RANDOM_BYTES, prefix: servicePrefix(model, service) },
    owner,
    dependsOn: [],
    provider: "random",
  };
  const [domain] = domainNames(model, service);
  const certificate = model.backends["vpc-lattice"]?.settings.certificateArn;
  const root: PlanResource = {
    id: serviceId(service),
    type: "aws:vpclattice/service:Service",
    name,
    properties: {
      name: ref(unique.id, "hex"),
      authType: "NONE",
      ...(domain !== undefined && { customDomainName: domain }),
      ...(domain !== undefined && certificate !== undefined && { certificateArn: certificate }),
      ...idleTimeout(model, service),
    },
    owner,
    dependsOn: [unique.id],
    provider: "aws",
  };
  const association: PlanResource = {
    id: `vpclattice.ServiceNetworkServiceAssociation/${keyOf(service)}`,
    type: "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation",
    name,
    properties: { serviceIdentifier: ref(root.id, "id"), serviceNetworkIdentifier: ref(networkId(model), "id") },
    owner,
    dependsOn: [root.id, networkId(model)],
    provider: "aws",
  };
  return [unique, root, association];
}

/** Names that the service's routes answer to; Lattice takes one besides its own. TLS is known by its server names. */
export const domainNames = (model: Model, service: Service): readonly string[] => [
  ...new Set(
    routesFor(model, service).flatMap((route) => [
      ...route.hostnames,
      ...(route.kind === "tls" ? route.rules.flatMap((rule) => rule.matches.flatMap((match) => match.sni)) : []),
    ]),
  ),
];

/** The longest idle timeout that was asked for in seconds, in the rules or of connections; undefined where none was. */
export function idleSeconds(model: Model, service: Service): number | undefined {
  const asked = routesFor(model, service)
    .flatMap((route) => route.rules.map((rule) => rule.idleTimeoutMs))
    .filter((ms) => ms > 0);
  if (wrote(model, `${service.traffic.path}.connectionPool.idleTimeout`))
    asked.push(service.traffic.connectionPool.idleTimeoutMs);
  return asked.length === 0 ? undefined : Math.max(...asked) / 1000;
}
function idleTimeout(model: Model, service: Service): object {
  const seconds = idleSeconds(model, service);
  if (seconds === undefined) return {};
  const { least, most } = IDLE_SECONDS;
  return { idleTimeoutSeconds: Math.min(most, Math.max(least, Math.ceil(seconds))) };
}
