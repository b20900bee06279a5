import type { Listener, TlsVersion } from "../../model/model";
import type { Draft } from "../draft";
import { fields, inside, items, labelsIn, number, text, texts } from "../read";
import type { RawResource } from "../resource";
import { selection } from "./selection";

export function serviceEntry(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const resolution = text(spec.resolution);
  draft.externals.push({
    path: id,
    name,
    namespace,
    hosts: texts(spec.hosts),
    ports: items(spec.ports, `${id}#spec.ports`).map(({ item, path }) => ({
      path,
      name: text(item.name) ?? "",
      port: number(item.number) ?? 0,
      targetPort: number(item.targetPort) ?? number(item.number) ?? 0,
      protocol: /^https|tls$/i.test(text(item.protocol) ?? "") ? "tls" : "tcp",
      serverFirst: false,
    })),
    resolution: resolution === "STATIC" || resolution === "NONE" ? resolution : "DNS",
    addresses: texts(spec.addresses),
  });
}

const tlsVersions: Readonly<Record<string, TlsVersion>> = { TLSV1_2: "1.2", TLSV1_3: "1.3" };
export function gateway(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const selector = labelsIn(inside(body, "spec", "selector"));
  selection(resource, selector, "spec.selector", draft, true);
  const listeners: Listener[] = [];
  for (const { item, path } of items(inside(body, "spec", "servers"), `${id}#spec.servers`)) {
    const port = number(inside(item, "port", "number")) ?? 0;
    const protocol = (text(inside(item, "port", "protocol")) ?? "").toLowerCase();
    const tls = fields(item.tls);
    const mode = text(tls.mode) ?? "";
    const hosts = texts(item.hosts);
    const credential = text(tls.credentialName);
    const secure = protocol === "https" || protocol === "tls";
    draft.raw.listeners.push({
      path,
      name: text(inside(item, "port", "name")) ?? String(port),
      port,
      secure,
      minVersion: text(tls.minProtocolVersion),
      credential,
      passthrough: mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH",
      hosts: hosts.map((host) => host.split("/").at(-1) ?? host),
      gateway: `${namespace}/${name}`,
      selector: JSON.stringify(Object.entries(selector).sort()),
      needsCredential:
        (mode === "SIMPLE" || mode === "MUTUAL") &&
        credential === undefined &&
        text(tls.serverCertificate) === undefined,
      redirects: tls.httpsRedirect === true,
    });
    if (credential !== undefined)
      draft.raw.references.push({
        path: `${path}.tls.credentialName`,
        type: "core/Secret",
        namespace,
        name: credential,
        use: "credential",
      });
    for (const host of hosts)
      listeners.push({
        path,
        name: text(inside(item, "port", "name")) ?? String(port),
        port,
        protocol: secure ? (mode === "PASSTHROUGH" ? "tls" : "https") : protocol.startsWith("tcp") ? "tcp" : "http",
        hostname: host === "*" ? undefined : host.split("/").at(-1),
        tls: secure
          ? {
              mode: mode === "PASSTHROUGH" ? "PASSTHROUGH" : mode === "MUTUAL" ? "MUTUAL" : "TERMINATE",
              certificateRef: credential,
              minVersion: tlsVersions[text(tls.minProtocolVersion) ?? ""] ?? "1.2",
              redirectHttp: false,
            }
          : undefined,
      });
  }
  draft.gateways.push({ path: id, name, namespace, selector, serviceAccount: "istio-ingressgateway", listeners });
}
