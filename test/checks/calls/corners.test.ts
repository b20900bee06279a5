import { hold } from "../support/cases";

const chain = (attempts: readonly number[], extra = "") => `
services: [${attempts.map((_, i) => `{ name: s${i}, ports: [{ port: 80 }], calls: [${i + 1 < attempts.length ? `s${i + 1}` : ""}]${extra} }`).join(", ")}]
routes: [${attempts.map((n, i) => `{ name: s${i}, service: s${i}, http: [{ backends: [{ service: s${i} }], retries: { attempts: ${n} } }] }`).join(", ")}]
`;

hold("retry-amplification", [
  ["fifteen tries are let pass", chain([2, 4])],
  ["sixteen are not", chain([3, 3]), "services[1]"],
  ["a budget bounds them", chain([3, 3], ", traffic: { retryBudget: { percent: 20 } }")],
]);

hold("required-cycle", [
  [
    "a ring that is not required breaks",
    "services: [{ name: a, ports: [{ port: 80 }], calls: [b] }, { name: b, ports: [{ port: 80 }], calls: [{ service: a, required: false }] }]",
  ],
  ["a service that needs itself", "services: [{ name: a, ports: [{ port: 80 }], calls: [a] }]", "services[0].calls[0]"],
  [
    "a ring is told once",
    "services: [{ name: a, ports: [{ port: 80 }], calls: [b] }, { name: b, ports: [{ port: 80 }], calls: [c] }, { name: c, ports: [{ port: 80 }], calls: [a] }]",
    "services[0].calls[0]",
  ],
]);

const env = (value: string, spec = "") => `
egress: { mode: REGISTRY_ONLY }
${spec}
services:
  - { name: stock, ports: [{ port: 80 }] }
  - { name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: a:1, env: { URL: "${value}" } } } }] }
`;
const at = "services[1].versions[0].workload.container.env.URL";
hold("undeclared-call", [
  ["by full name", env("http://stock.shop.svc.cluster.local:80/x"), at],
  ["by short name in the same namespace", env("grpc://stock:80"), at],
  ["itself is no call", env("http://cart/health")],
  ["text that is no URL is none", env("stock")],
]);
hold("undeclared-host", [
  [
    "a declared wildcard lets it out",
    env(
      "https://a.b.example",
      'externalServices: [{ name: b, hosts: ["*.b.example"], resolution: NONE, ports: [{ port: 443, protocol: tls }] }]',
    ),
  ],
  ["with user and password it is still the host", env("https://u:p@evil.example/x"), at],
  ["an address of the cluster is inside", env("http://other.ns.svc.cluster.local")],
]);
