import { documents } from "../examples";
import { missing } from "../missing";
import { type PolicyRule } from "../rule";

const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { selector: { istio: ingress }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example] }] }
`;

export const gatewayExists: PolicyRule = {
  code: "MESH6025",
  name: "gateway-exists",
  title: "Gateways exist, and do not contradict each other",
  why: "A route on a gateway that is not there is never served; two gateways on one port and host answer for each other.",
  wanted: "a gateway that exists, and one owner a port and host",
  remedy: "Correct the name (namespace/name for another namespace), or merge the gateways.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0132", "IST0145"], kiali: ["KIA0301", "KIA1102", "KIA1401", "KIA1501", "KIA1503"] },
  *run(estate) {
    yield* missing(estate, "gateway");
    const { raw, facts, resources } = estate;
    const answers = (pattern: string, host: string): boolean =>
      pattern === "*" || pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
    for (const { path, host, scope } of raw.claims) {
      const own = raw.listeners.filter(({ gateway }) => gateway === scope);
      const names = own.flatMap(({ hosts }) => hosts);
      if (own.length > 0 && !names.some((name) => answers(name, host) || answers(host, name)))
        yield { path, message: `Gateway ${scope} does not answer for ${host}`, found: names.join(", ") };
    }
    for (const { path, type, namespace, name, section } of raw.references) {
      const gateway = section === undefined ? undefined : facts.lookup.gateway({ name, namespace });
      if (
        gateway &&
        type.endsWith("/Gateway") &&
        resources.get(type, namespace, name) &&
        !gateway.listeners.some((l) => l.name === section)
      )
        yield { path, message: `Gateway ${namespace}/${name} has no listener ${section}`, found: section };
    }
    const seen = new Map<string, string>();
    for (const { path, port, hosts, selector, gateway } of raw.listeners)
      for (const host of hosts) {
        const key = `${selector} ${port} ${host}`;
        const first = seen.get(key);
        if (first !== undefined && first !== gateway)
          yield {
            path,
            message: `${first} answers for ${host} on port ${port} of the same pods already`,
            found: gateway,
          };
        else seen.set(key, gateway);
      }
  },
  example: {
    wrong: documents(
      gateway,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [shop.example], gateways: [edge/pubilc], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ),
    right: documents(
      gateway,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [shop.example], gateways: [edge/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ),
    unknown: [0, "metadata.name"],
  },
};
