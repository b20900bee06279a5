import { hold } from "../support/cases";

const pair =
  "services: [{ name: web, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: {} }] }, { name: cart, ports: [{ port: 80, targetPort: 8080 }, { port: 90, targetPort: 9090 }], versions: [{ name: v1, workload: {} }] }]";
const policy = (fields: string) =>
  `policies: { authorization: [{ name: cart, target: { service: cart }, ${fields} }] }`;
const strict = "mtls: { mode: STRICT }";

hold("strict-with-client-outside", [
  [
    "a port that takes plain text is enough",
    `${strict}\nnamespaces: [{ name: old, inject: false }]\nservices: [{ name: cart, ports: [{ port: 80 }, { port: 81, mtls: PERMISSIVE }] }, { name: job, namespace: old, ports: [{ port: 80 }], calls: [cart] }]`,
  ],
  [
    "a workload that opts out is outside",
    `${strict}\nservices: [{ name: cart, ports: [{ port: 80 }] }, { name: job, ports: [{ port: 80 }], calls: [cart], versions: [{ name: v1, workload: { annotations: { linkerd.io/inject: disabled } } }] }]`,
    "services[1].calls[0]",
  ],
  [
    "who does not call has no trouble",
    `${strict}\nnamespaces: [{ name: old, inject: false }]\nservices: [{ name: cart, ports: [{ port: 80 }] }, { name: job, namespace: old, ports: [{ port: 80 }] }]`,
  ],
]);

hold("call-not-allowed", [
  ["without any ALLOW everybody may", `${strict}\n${pair}`],
  [
    "default deny without an ALLOW lets nobody in",
    `${strict}\n${pair}\npolicies: { defaultDeny: true }`,
    "services[0].calls[0]",
  ],
  ["by namespace", `${strict}\n${pair}\n${policy("rules: [{ from: [{ namespaces: [shop] }] }]")}`],
  ["by pattern", `${strict}\n${pair}\n${policy('rules: [{ from: [{ principals: ["*/sa/web"] }] }]')}`],
  [
    "but not by exclusion",
    `${strict}\n${pair}\n${policy("rules: [{ from: [{ namespaces: [shop], not: { principals: [cluster.local/ns/shop/sa/web] } }] }]")}`,
    "services[0].calls[0]",
  ],
  [
    "an AUDIT closes nothing",
    `${strict}\n${pair}\n${policy("action: AUDIT, rules: [{ from: [{ namespaces: [other] }] }]")}`,
  ],
  [
    "pods that exist already may be anyone",
    `${strict}\nservices: [{ name: web, ports: [{ port: 80 }], calls: [cart] }, { name: cart, ports: [{ port: 80 }] }, { name: job, ports: [{ port: 80 }] }]\n${policy("rules: [{ from: [{ service: job }] }]")}`,
  ],
]);

hold("unknown-principal", [
  [
    "another trust domain is not ours to know, where pods exist already",
    `services: [{ name: cart, ports: [{ port: 80 }] }]\n${policy("rules: [{ from: [{ principals: [other.example/ns/a/sa/b] }] }]")}`,
  ],
  [
    "a pattern that fits somebody is known",
    `${pair}\n${policy('rules: [{ from: [{ principals: ["cluster.local/ns/shop/*"] }] }]')}`,
  ],
  [
    "a pattern that fits nobody is not",
    `${pair}\n${policy('rules: [{ from: [{ principals: ["cluster.local/ns/shpo/*"] }] }]')}`,
    "policies.authorization[0].rules[0].from[0]",
  ],
  [
    "a gateway's identity is known",
    `${pair}\ngateways: [{ name: edge, listeners: [{ port: 80, protocol: http }] }]\n${policy("rules: [{ from: [{ principals: [cluster.local/ns/shop/sa/edge] }] }]")}`,
  ],
]);

hold("identity-without-mtls", [
  [
    "one port with mTLS gives an identity",
    `mtls: { mode: DISABLE }\nservices: [{ name: cart, ports: [{ port: 80 }, { port: 81, mtls: STRICT }] }, { name: web, ports: [{ port: 80 }] }]\n${policy("rules: [{ from: [{ service: web }] }]")}`,
  ],
  [
    "addresses need none",
    `mtls: { mode: DISABLE }\nservices: [{ name: cart, ports: [{ port: 80 }] }]\n${policy("rules: [{ from: [{ ipBlocks: [10.0.0.0/8] }] }]")}`,
  ],
]);

hold("request-rule-on-tcp", [
  [
    "HTTP ports alone are fine",
    `services: [{ name: cart, ports: [{ port: 80 }] }]\n${policy("action: DENY, rules: [{ to: [{ paths: ['/a*'] }] }]")}`,
  ],
  [
    "the tcp port named is found",
    `services: [{ name: cart, ports: [{ port: 80 }, { port: 90, protocol: tcp }] }]\n${policy("action: DENY, rules: [{ to: [{ paths: ['/a*'], ports: [90] }] }]")}`,
    "policies.authorization[0].rules[0]",
  ],
]);

hold("left-open", [
  [
    "nobody is closed, so nobody was forgotten",
    "services: [{ name: a, ports: [{ port: 80 }] }, { name: b, ports: [{ port: 80 }] }]",
  ],
  [
    "a policy for the namespace covers all",
    "services: [{ name: a, ports: [{ port: 80 }] }, { name: b, ports: [{ port: 80 }] }]\npolicies: { authorization: [{ name: all, rules: [{ from: [{ namespaces: [shop] }] }] }] }",
  ],
]);

hold("exact-path-denied", [
  [
    "a gRPC method has one spelling",
    `services: [{ name: cart, ports: [{ port: 80, protocol: grpc }] }]\n${policy("action: DENY, rules: [{ to: [{ paths: [/shop.Cart/Drop] }] }]")}`,
  ],
  [
    "beside its prefix it is covered",
    `services: [{ name: cart, ports: [{ port: 80 }] }]\n${policy("action: DENY, rules: [{ to: [{ paths: [/admin, '/admin*'] }] }]")}`,
  ],
  [
    "an ALLOW of one path is narrow, which is right",
    `services: [{ name: cart, ports: [{ port: 80 }] }]\n${policy("rules: [{ to: [{ paths: [/admin] }] }]")}`,
  ],
]);
