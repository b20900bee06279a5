import type { Gateway, Listener, TlsVersion } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { defined } from "../k8s-resource";
import { type Context, istioResource } from "./context";
import { ownerOf } from "./names";

type Fields = Readonly<Record<string, unknown>>;

export const tlsVersions: Readonly<Record<TlsVersion, string>> = { "1.2": "TLSV1_2", "1.3": "TLSV1_3" };

const protocols: Readonly<Record<Listener["protocol"], string>> = {
  http: "HTTP",
  https: "HTTPS",
  grpc: "GRPC",
  tcp: "TCP",
  tls: "TLS",
};

/** HTTP and gRPC inside TLS are HTTPS to Istio, anything else inside TLS is TLS. */
function protocolOf({ protocol, tls }: Listener): string {
  if (tls === undefined) return protocols[protocol];
  return protocol === "http" || protocol === "grpc" ? "HTTPS" : protocol === "tcp" ? "TLS" : protocols[protocol];
}

function tlsFields(tls: NonNullable<Listener["tls"]>): Fields {
  if (tls.mode === "PASSTHROUGH") return { mode: "PASSTHROUGH" };
  return defined({
    mode: tls.mode === "MUTUAL" ? "MUTUAL" : "SIMPLE",
    credentialName: tls.certificateRef,
    minProtocolVersion: tlsVersions[tls.minVersion],
  });
}

/** Plain HTTP goes to HTTPS from this port, which browsers try first. */
const REDIRECTED_PORT = 80;

function servers({ listeners }: Gateway): Fields[] {
  const redirected = listeners.filter(({ tls }) => tls?.redirectHttp === true).map(({ hostname }) => hostname ?? "*");
  const isRedirected = (listener: Listener): boolean =>
    listener.port === REDIRECTED_PORT && listener.tls === undefined && redirected.includes(listener.hostname ?? "*");
  const own = listeners.map((listener) => ({
    port: { number: listener.port, name: listener.name, protocol: protocolOf(listener) },
    hosts: [listener.hostname ?? "*"],
    ...(listener.tls === undefined ? {} : { tls: tlsFields(listener.tls) }),
    ...(isRedirected(listener) ? { tls: { httpsRedirect: true } } : {}),
  }));
  const open = redirected.filter(
    (host) => !listeners.some((each) => isRedirected(each) && (each.hostname ?? "*") === host),
  );
  const names = new Set(listeners.map(({ name }) => name));
  const name = names.has("http-redirect") ? "http-redirect-to-https" : "http-redirect";
  const redirect: Fields = {
    port: { number: REDIRECTED_PORT, name, protocol: "HTTP" },
    hosts: [...new Set(open)],
    tls: { httpsRedirect: true },
  };
  return open.length > 0 ? [...own, redirect] : own;
}

export const gatewayResource = (context: Context, gateway: Gateway): PlanResource =>
  istioResource(
    context,
    "Gateway",
    gateway,
    { selector: gateway.selector, servers: servers(gateway) },
    ownerOf("gateway", gateway),
  );
