import { addressBytes } from "../authz/cidr";
import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import type { HttpConfig } from "./config";

/** Who asks, as far as the proxies in front are believed. */
export interface ClientAddress {
  address: string;
  internal: boolean;
}

const found: ClientAddress = { address: "", internal: false };

/** Reads x-forwarded-for before we add to it. The result is valid until the next call. */
export function clientAddress(headers: HeaderList, connection: string, config: HttpConfig): ClientAddress {
  const { useRemoteAddress, trustedHops, internalRanges } = config;
  found.address = connection;
  found.internal = false;
  const forwarded = headers.joined(H.XForwardedFor);
  // Nobody stood between, so what the address is may be believed.
  let direct = useRemoteAddress && forwarded === undefined;
  if (forwarded !== undefined && (!useRemoteAddress || trustedHops > 0)) {
    const skip = useRemoteAddress ? trustedHops - 1 : trustedHops;
    const named = fromEnd(forwarded, skip);
    if (named !== undefined) {
      found.address = named;
      if (!useRemoteAddress) direct = skip === 0 && !forwarded.includes(",");
    }
  }
  if (direct && internalRanges.length > 0) {
    const bytes = addressBytes(found.address);
    found.internal = internalRanges.some((range) => range.contains(bytes));
  }
  return found;
}

/** The entry with `skip` others behind it, if it is an address. */
function fromEnd(list: string, skip: number): string | undefined {
  const entries = list.split(",");
  const entry = entries[entries.length - 1 - skip]?.trim();
  return entry !== undefined && addressBytes(entry) !== undefined ? entry : undefined;
}
