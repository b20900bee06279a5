import { keyOf, type Model } from "../model/model";
import { type Address, allCallees, portKey, type ProxyPlacement, servedPorts } from "../renderers/proxy";
import type { AddressBook } from "./addresses";
import { problem } from "./problem";
import type { StateDir } from "./state";

/** Where the user fixes addresses. */
export const addressesPath = "backends.proxy.addresses";

function parse(text: unknown): Address | undefined {
  const match = typeof text === "string" ? /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(text) : null;
  const port = Number(match?.[2]);
  return match?.[1] !== undefined && port >= 1 && port <= 65535 ? { address: match[1], port } : undefined;
}

/**
 * Where the user wants to call services: `spec.backends.proxy.addresses`, from `service`, `service:port` or
 * `namespace/service:port` to `127.0.0.1:8080`.
 * @throws Problem MESH3004 where one is no address.
 */
export function wantedAddresses(model: Model): ReadonlyMap<string, Address> {
  const given = model.backends.proxy?.settings.addresses;
  const entries = typeof given === "object" && given !== null ? Object.entries(given) : [];
  return new Map(
    entries.map(([name, text]) => {
      const at = parse(text);
      if (at === undefined)
        throw problem(
          "MESH3004",
          `${addressesPath}.${name}`,
          `"${String(text)}" is no address and port`,
          "Write one like 127.0.0.1:8080.",
        );
      return [name, at];
    }),
  );
}

/** Where a person or a test on this host calls each service through the mesh. */
export async function placeClient(model: Model, book: AddressBook, state: StateDir): Promise<ProxyPlacement> {
  const wanted = wantedAddresses(model);
  const outbound: Record<string, Address> = {};
  for (const callee of allCallees(model))
    for (const [n, port] of servedPorts(model, callee).entries()) {
      const key = portKey(callee, port.port);
      const names = [key, `${callee.name}:${port.port}`, ...(n === 0 ? [keyOf(callee), callee.name] : [])];
      const name = names.find((candidate) => wanted.has(candidate));
      const fixed = name === undefined ? undefined : wanted.get(name);
      outbound[key] =
        fixed === undefined
          ? await book.listener(`client/${key}`, port.port)
          : await book.fixed(`client/${key}`, fixed, `${addressesPath}.${name}`);
    }
  return { admin: await book.listener("client/admin", 15_000), certificates: state.identity("client"), outbound };
}
