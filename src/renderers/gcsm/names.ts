import type { Model, Port, Ref, Service, Version } from "../../model/model";
import { settingsOf } from "./settings";

const LONGEST = 63;

/** FNV-1a: short names for long ones, the same every time. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, "0");
}

/** Google's names: a letter, then lower case, digits and hyphens, 63 at most; what is longer ends in a digest of the whole. */
export function nameOf(...parts: readonly (string | number | undefined)[]): string {
  const whole = parts
    .filter((part) => part !== undefined)
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-");
  const name = /^[a-z]/.test(whole) ? whole : `m-${whole}`;
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 8)}-${digest(name)}`;
}

export const backendName = (model: Model, service: Service, version: Version | undefined, port: Port): string =>
  nameOf(model.name, service.namespace, service.name, version?.name, port.port);

export const meshId = (model: Model): string => `networkservices.Mesh/${model.name}`;
export const backendServiceId = (name: string): string => `compute.BackendService/${name}`;
export const gatewayId = (gateway: Ref, listener: string): string =>
  `networkservices.Gateway/${gateway.namespace}/${gateway.name}/${listener}`;

/** The names by which clients call a service; a name may stand in one route of a mesh only. */
export const hostsOf = (service: Ref): readonly string[] => [
  `${service.name}.${service.namespace}.svc.cluster.local`,
  `${service.name}.${service.namespace}`,
];

/** Undefined where the project is known at deployment only: no identity can be written then. */
export function trustDomainOf(model: Model): string | undefined {
  const { project } = settingsOf(model);
  return typeof project === "string" ? `${project}.svc.id.goog` : undefined;
}
