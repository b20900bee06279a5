import { hold } from "../support/cases";

const route = (...rules: readonly string[]) => `
services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }], traffic: { outlierDetection: {} } }]
routes: [{ name: a, service: a, http: [${rules.join(", ")}] }]
`;
const rule = (fields: string) => `{ ${fields}${fields ? ", " : ""}backends: [{ service: a }] }`;

hold("shadowed-rule", [
  [
    "a prefix hides what is under it",
    route(rule("matches: [{ path: { prefix: /v1 } }]"), rule("matches: [{ path: { exact: /v1/x } }]")),
    "routes[0].http[1]",
  ],
  [
    "a prefix ends on a segment boundary",
    route(rule("matches: [{ path: { prefix: /v1 } }]"), rule("matches: [{ path: { prefix: /v10 } }]")),
  ],
  [
    "a header more makes a rule narrower",
    route(
      rule("matches: [{ path: { prefix: /v1 }, headers: [{ name: x, present: true }] }]"),
      rule("matches: [{ path: { prefix: /v1 } }]"),
    ),
  ],
  [
    "only if every match is covered",
    route(
      rule("matches: [{ path: { prefix: /a } }]"),
      rule("matches: [{ path: { prefix: /a/b } }, { path: { prefix: /c } }]"),
    ),
  ],
  [
    "two earlier rules may cover one match each, which is not proven",
    route(
      rule("matches: [{ path: { prefix: /a } }]"),
      rule("matches: [{ path: { prefix: /b } }]"),
      rule("matches: [{ path: { exact: /a } }, { path: { exact: /b } }]"),
    ),
  ],
  [
    "every rule after a catch-all",
    route(rule(""), rule("matches: [{ path: { prefix: /a } }]"), rule("")),
    "routes[0].http[1]",
    "routes[0].http[2]",
  ],
  ["a method more is another rule", route(rule("matches: [{ method: GET }]"), rule("matches: [{ method: POST }]"))],
]);

hold("retries-exceed-timeout", [
  ["exactly as long is enough", route(rule("timeout: 3s, retries: { attempts: 2, perTryTimeout: 1s }"))],
  [
    "a millisecond less is not",
    route(rule("timeout: 2999ms, retries: { attempts: 2, perTryTimeout: 1s }")),
    "routes[0].http[0].retries",
  ],
  ["without a timeout nothing ends", route(rule("retries: { attempts: 2, perTryTimeout: 1s }"))],
  ["without a limit per try nothing is known", route(rule("timeout: 1s, retries: { attempts: 2 }"))],
  [
    "a try that outlasts everything is the other rule's",
    route(rule("timeout: 1s, retries: { attempts: 2, perTryTimeout: 2s }")),
  ],
]);

hold("canary-without-outlier-detection", [
  [
    "a weight of 0 is no canary",
    "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]\nroutes: [{ name: a, service: a, http: [{ backends: [{ service: a, version: v1 }, { service: a, version: v2, weight: 0 }] }] }]",
  ],
  [
    "two services are no canary",
    "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }] }, { name: b, ports: [{ port: 80 }], versions: [{ name: v1 }] }]\nroutes: [{ name: a, service: a, http: [{ backends: [{ service: a, version: v1 }, { service: b, version: v1 }] }] }]",
  ],
]);

hold("retried-writes", [
  ["GET may be retried", route(rule("matches: [{ method: GET }], retries: { attempts: 1, on: [5xx] }"))],
  [
    "a rule that takes reads too is left alone",
    route(rule("matches: [{ methods: [GET, POST] }], retries: { attempts: 1, on: [5xx] }")),
  ],
  [
    "without attempts nothing is retried",
    route(rule("matches: [{ method: POST }], retries: { attempts: 0, on: [5xx] }")),
  ],
]);

hold("redirect-loop", [
  ["to another scheme is no loop", route("{ filters: { redirect: { scheme: https } } }")],
  [
    "with nothing but a code is one",
    route("{ filters: { redirect: { code: 301 } } }"),
    "routes[0].http[0].filters.redirect",
  ],
  [
    "from an exact path to itself is one",
    route("{ matches: [{ path: { exact: /a } }], filters: { redirect: { full: /a } } }"),
    "routes[0].http[0].filters.redirect",
  ],
  [
    "from a prefix to one path under it is none that is certain",
    route("{ matches: [{ path: { prefix: /a } }], filters: { redirect: { full: /b } } }"),
  ],
]);

hold("version-without-route", [
  [
    "a service without routes needs none",
    "services: [{ name: a, ports: [{ port: 80 }], versions: [{ name: v1 }, { name: v2 }] }]",
  ],
  ["a route to the whole service reaches every version", route("{ backends: [{ service: a }] }")],
  [
    "a mirror names a version too",
    route("{ backends: [{ service: a, version: v1 }], filters: { mirror: { service: a, version: v2 } } }"),
  ],
]);
