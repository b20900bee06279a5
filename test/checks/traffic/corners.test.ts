import { hold } from "../support/cases";

const cart = (traffic: string, ports = "[{ port: 80 }]") =>
  `services: [{ name: cart, ports: ${ports}, traffic: ${traffic} }]`;

hold("failover-without-outlier-detection", [
  [
    "a health check tells as well",
    cart("{ loadBalancing: { locality: { mode: prefer } }, healthCheck: { protocol: http } }"),
  ],
  [
    "shares need no failover",
    cart("{ loadBalancing: { locality: { mode: distribute, distribute: [{ from: a/*, to: { a/*: 100 } }] } } }"),
  ],
]);
hold("connect-outlasts-timeout", [
  [
    "a default of ours is not the user's mistake",
    `${cart("{}")}\nroutes: [{ name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 1s }] }]`,
  ],
  [
    "the try's limit counts where it is retried",
    `${cart("{ connectionPool: { connectTimeout: 1s } }")}\nroutes: [{ name: cart, service: cart, http: [{ backends: [{ service: cart }], timeout: 5s, retries: { attempts: 1, perTryTimeout: 500ms } }] }]`,
    "services[0].traffic.connectionPool.connectTimeout",
  ],
]);
hold("http-settings-on-tcp", [
  [
    "one http port is enough",
    cart("{ connectionPool: { maxRequests: 5 } }", "[{ port: 80 }, { port: 90, protocol: tcp }]"),
  ],
  [
    "an address can be hashed",
    cart("{ loadBalancing: { policy: MAGLEV, hashOn: [{ sourceIp: true }] } }", "[{ port: 90, protocol: tcp }]"),
  ],
]);
hold("retries-forbidden-by-pool", [
  [
    "a budget of nothing",
    `${cart("{ retryBudget: { percent: 0, minRetries: 0 } }")}\nroutes: [{ name: cart, service: cart, http: [{ backends: [{ service: cart }], retries: { attempts: 1 } }] }]`,
    "services[0].traffic.retryBudget",
  ],
  [
    "without retries nothing is forbidden",
    `${cart("{ connectionPool: { maxRetries: 0 } }")}\nroutes: [{ name: cart, service: cart, http: [{ backends: [{ service: cart }] }] }]`,
  ],
]);
