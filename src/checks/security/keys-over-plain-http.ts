import type { Check } from "../check";
import { hostsOf, underWildcard, urlsIn } from "../urls";

export const keysOverPlainHttp: Check = {
  code: "MESH1093",
  name: "keys-over-plain-http",
  area: "security",
  level: "error",
  title: "Token keys that anybody can replace or nobody can fetch",
  why: "Keys fetched over http can be replaced on the way, and every token with them. Keys of a host that a closed egress does not know cannot be fetched, and every token is refused.",
  remedy: "Use https, and declare the host in externalServices where egress is closed.",
  relatives: { istio: ["IST0175"] },
  *run({ jwt, mesh, externals, services }) {
    const hosts = externals.flatMap((e) => e.hosts);
    if (jwt.length === 0) return;
    const inside = new Set(services.flatMap((s) => hostsOf(s.name, s.namespace)));
    for (const policy of jwt) {
      const url = policy.jwksUri === undefined ? undefined : urlsIn(policy.jwksUri)[0];
      if (!url || inside.has(url.hostname)) continue;
      if (url.protocol === "http")
        yield { path: `${policy.path}.jwksUri`, message: `${policy.name} fetches its keys over http` };
      else if (
        mesh.egress === "REGISTRY_ONLY" &&
        !hosts.some((host) => host === url.hostname || underWildcard(host, url.hostname))
      )
        yield {
          path: `${policy.path}.jwksUri`,
          message: `Egress is closed, and ${url.hostname}, where ${policy.name} has its keys, is not declared`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: http://id.example/keys, required: true }] }
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
policies: { jwt: [{ name: cart, target: { service: cart }, issuer: https://id.example, audiences: [shop], jwksUri: https://id.example/keys, required: true }] }
`,
  },
};
