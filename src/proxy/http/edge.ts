import { uuid } from "../core/random";
import { H } from "../core/header-id";
import type { HeaderList } from "../core/header-list";
import type { Transport } from "../net/transport";
import { clientAddress } from "./client-address";
import { forwardClientCert } from "./client-cert";
import type { HttpConfig } from "./config";

/** Sets what tells the upstream who asks and how, and removes what only we may say. Gives the client's address. */
export function markRequest(headers: HeaderList, transport: Transport, config: HttpConfig): string {
  // Nobody may steer the proxy by its own headers.
  headers.deletePrefix("x-envoy-");
  const { address: client, internal } = clientAddress(headers, transport.remoteAddress, config);
  if (internal) headers.set(H.XEnvoyInternal, "true");
  const scheme = transport.secure ? "https" : "http";
  if (config.useRemoteAddress) {
    if (config.trustedHops === 0 || !headers.has(H.XForwardedProto)) headers.set(H.XForwardedProto, scheme);
    const address = transport.remoteAddress;
    if (!config.skipXffAppend) {
      const before = headers.joined(H.XForwardedFor);
      headers.set(H.XForwardedFor, before === undefined ? address : `${before},${address}`);
    }
    if (!internal) headers.set(H.XEnvoyExternalAddress, client);
    if (config.generateRequestId && !(config.preserveExternalRequestId && headers.has(H.XRequestId)))
      headers.set(H.XRequestId, uuid());
  } else {
    if (!headers.has(H.XForwardedProto)) headers.add(H.XForwardedProto, "x-forwarded-proto", scheme);
    if (config.generateRequestId && !headers.has(H.XRequestId)) headers.add(H.XRequestId, "x-request-id", uuid());
  }
  if (config.scheme !== "") headers.set(H.XForwardedProto, config.scheme);
  forwardClientCert(headers, transport, config);
  return client;
}

/** `headers_with_underscores_action`: false when the request is to be refused. */
export function allowUnderscores(headers: HeaderList, action: HttpConfig["underscores"]): boolean {
  if (action === "ALLOW") return true;
  const found: string[] = [];
  headers.forEach((name) => {
    if (name.includes("_")) found.push(name);
  });
  if (found.length === 0) return true;
  if (action === "REJECT_REQUEST") return false;
  for (const name of found) headers.delete(name);
  return true;
}
