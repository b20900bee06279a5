import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { keyOf, type Model } from "../model/model";
import type { Finding } from "../model/finding";
import { doorsOf, type GatewayPlacement, servedListeners } from "../renderers/proxy";
import type { AddressBook } from "./addresses";
import { addressesPath, wantedAddresses } from "./client-plan";
import { finding, Problem } from "./problem";
import type { StateDir } from "./state";

/** Directory of certificates, relative to the mesh's file: `spec.backends.proxy.secrets`. Default `secrets`. */
export function secretsOf(model: Model, base: string): string {
  const given = model.backends.proxy?.settings.secrets;
  return resolve(base, typeof given === "string" ? given : "secrets");
}

/** The files of every certificate that the mesh names, and that are absent. */
function absentCertificates(model: Model, secrets: string): Finding[] {
  const named = [
    ...model.gateways
      .flatMap(({ listeners }) => listeners)
      .map(({ path, tls }) => ({ path, tls, authority: tls?.mode === "MUTUAL" })),
    ...model.externalServices.map(({ path, tls }) => ({ path, tls, authority: false })),
  ];
  return named.flatMap(({ path, tls, authority }) => {
    const ref = tls?.certificateRef;
    if (typeof ref !== "string") return [];
    const absent = ["tls.crt", "tls.key", ...(authority ? ["ca.crt"] : [])]
      .map((file) => join(secrets, ref, file))
      .filter((file) => !existsSync(file));
    if (absent.length === 0) return [];
    return [
      finding(
        "MESH3016",
        `${path}.tls.certificateRef`,
        `${absent.join(" and ")} ${absent.length === 1 ? "is" : "are"} absent`,
        "Put the certificate there, or say in backends.proxy.secrets where its directory is.",
      ),
    ];
  });
}

/**
 * Where each gateway's proxy listens, by `keyOf` the gateway: the addresses that the user fixed in
 * `spec.backends.proxy.addresses` under `name:port` or `namespace/name:port`, or free ones.
 * @throws Problem MESH3016 where a certificate is absent, MESH3004 where a fixed address is taken.
 */
export async function placeGateways(
  model: Model,
  base: string,
  book: AddressBook,
  state: StateDir,
): Promise<Record<string, GatewayPlacement>> {
  const absent = absentCertificates(model, secretsOf(model, base));
  if (absent.length > 0) throw new Problem(absent);
  const wanted = wantedAddresses(model);
  const placements: Record<string, GatewayPlacement> = {};
  for (const gateway of model.gateways) {
    const prefix = `gateway/${keyOf(gateway)}/`;
    const doors: Record<number, GatewayPlacement["doors"][number]> = {};
    for (const port of doorsOf(servedListeners(model, gateway.listeners))) {
      const name = [`${keyOf(gateway)}:${port}`, `${gateway.name}:${port}`].find((each) => wanted.has(each));
      const fixed = name === undefined ? undefined : wanted.get(name);
      doors[port] =
        fixed === undefined
          ? await book.listener(`${prefix}${port}`, port)
          : await book.fixed(`${prefix}${port}`, fixed, `${addressesPath}.${name}`);
    }
    placements[keyOf(gateway)] = {
      admin: await book.listener(`${prefix}admin`, 15_000),
      certificates: state.identity(`gateway-${gateway.namespace}-${gateway.name}`),
      outbound: {},
      doors,
    };
  }
  return placements;
}
