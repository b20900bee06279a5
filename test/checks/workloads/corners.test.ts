import { hold } from "../support/cases";

const cart = (workload: string, ports = "[{ port: 80, targetPort: 8080 }]") =>
  `services: [{ name: cart, ports: ${ports}, versions: [{ name: v1, workload: ${workload} }] }]`;

hold("ports-around-sidecar", [
  [
    "a range that holds the port",
    cart('{ annotations: { config.linkerd.io/skip-inbound-ports: "25,8000-9000" } }'),
    "services[0].versions[0].workload.annotations",
  ],
  [
    "a port that is plain anyway",
    cart(
      '{ annotations: { config.linkerd.io/skip-inbound-ports: "8080" } }',
      "[{ port: 80, targetPort: 8080, mtls: DISABLE }]",
    ),
  ],
  ["text that is no port", cart('{ annotations: { config.linkerd.io/skip-inbound-ports: "all, of-them" } }')],
  [
    "outbound, a callee's port",
    'services: [{ name: db, ports: [{ port: 5432, protocol: tcp }] }, { name: cart, ports: [{ port: 80 }], calls: [db], versions: [{ name: v1, workload: { annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "5432" } } }] }]',
    "services[1].versions[0].workload.annotations",
  ],
]);

hold("unpinned-image", [
  ["a digest is pinned", cart("{ container: { image: 'cart@sha256:0123' } }")],
  [
    "a registry's port is no tag",
    cart("{ container: { image: 'r.example:5000/cart' } }"),
    "services[0].versions[0].workload.container.image",
  ],
  [
    "latest is none",
    cart("{ container: { image: 'cart:latest' } }"),
    "services[0].versions[0].workload.container.image",
  ],
]);

hold("secret-in-environment", [
  ["a file is a reference", cart("{ container: { image: 'a:1', env: { DB_PASSWORD: /run/secrets/db } } }")],
  ["an address is none", cart("{ container: { image: 'a:1', env: { TOKEN_URL: 'https://id.example' } } }")],
  ["empty is none", cart("{ container: { image: 'a:1', env: { API_KEY: '' } } }")],
  [
    "each one is told",
    cart("{ container: { image: 'a:1', env: { API_KEY: a, DB_SECRET: b } } }"),
    "services[0].versions[0].workload.container.env.API_KEY",
    "services[0].versions[0].workload.container.env.DB_SECRET",
  ],
]);

hold("single-replica", [
  [
    "two versions with one each are two",
    "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1, workload: {} }, { name: v2, workload: {} }] }]",
  ],
  [
    "pods that exist already are not counted",
    "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }] }]",
  ],
]);

hold("overlapping-selectors", [
  [
    "another namespace's pods are others",
    "services: [{ name: a, labels: { app: x }, ports: [{ port: 80 }] }, { name: b, namespace: other, labels: { app: x }, ports: [{ port: 80 }] }]",
  ],
  [
    "through a version's labels",
    "services: [{ name: a, labels: { tier: x }, ports: [{ port: 80 }] }, { name: b, labels: { app: b }, ports: [{ port: 80 }], versions: [{ name: v1, labels: { tier: x } }] }]",
    "services[0].labels",
  ],
]);
