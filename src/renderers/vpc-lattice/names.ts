import type { Model, Port, Ref, Service, Version } from "../../model/model";

/**
 * Lattice's names are lower case, digits and single hyphens, neither first nor last, and never begin as its own ids do
 * (API model, 2026-11).
 */
function clean(text: string, longest: number, reserved?: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
  const free = reserved !== undefined && name.startsWith(reserved) ? `mesh-${name}` : name;
  return free.slice(0, longest).replace(/-+$/, "");
}

const LONGEST = { service: 40, targetGroup: 128, listener: 63, rule: 63, network: 63 } as const;
/** Six hexadecimal digits from @pulumi/random: a deleted service's name cannot be had again at once. */
export const RANDOM_BYTES = 3;

/** At least three characters. */
export const networkName = (model: Model): string =>
  clean(model.name.length < 3 ? `mesh-${model.name}` : model.name, LONGEST.network, "servicenetwork-");
/** What the random part is put behind; it keeps the whole within 40 characters. */
export const servicePrefix = (model: Model, service: Ref): string =>
  `${clean(`${model.name}-${service.namespace}-${service.name}`, LONGEST.service - 2 * RANDOM_BYTES - 1, "svc-")}-`;
export const targetGroupName = (model: Model, service: Service, version: Version | undefined, port: Port): string =>
  clean(
    [model.name, service.namespace, service.name, version?.name, port.port]
      .filter((part) => part !== undefined)
      .join("-"),
    LONGEST.targetGroup,
    "tg-",
  );
export const listenerName = (port: Port): string => clean(`port-${port.port}-${port.name}`, LONGEST.listener);
/** `key` is what tells two rules of one listener apart, so it is kept whatever the route is called. */
export const ruleName = (route: Ref, key: string): string =>
  `${clean(route.name, LONGEST.rule - 12, "rule-")}-${key.replaceAll("/", "-")}`;

export const networkId = (model: Model): string => `vpclattice.ServiceNetwork/${model.name}`;
export const serviceId = (service: Ref): string => `vpclattice.Service/${service.namespace}/${service.name}`;
export const targetGroupId = (service: Service, version: Version | undefined, port: Port): string =>
  `vpclattice.TargetGroup/${service.namespace}/${service.name}/${version?.name ?? "-"}/${port.port}`;
export const listenerId = (service: Ref, port: Port): string =>
  `vpclattice.Listener/${service.namespace}/${service.name}/${port.port}`;
