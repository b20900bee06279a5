import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromObject, type Model } from "../../../src/model";
import { isReference, type PlanResource, toPulumiYaml } from "../../../src/plan";
import { render } from "../../../src/renderers/istio";
import { modelOf } from "../support/golden";

const mesh = (spec: string): Model =>
  modelOf(`apiVersion: meshup/v1\nkind: Mesh\nmetadata: { name: shop, namespace: shop }\nspec:\n${spec}`);
const codes = (spec: string): string[] => render(mesh(spec)).findings.map(({ code, path }) => `${code} ${path}`);
const ids = (resources: readonly PlanResource[]): string[] => resources.map(({ id }) => id);
const example = readFileSync(join(__dirname, "../../../examples/mesh-up/mesh.yaml"), "utf8");

describe("order", () => {
  const versions = (...names: string[]) => `
  services:
    - name: cart
      ports: [{ port: 80 }]
      versions: [${names.map((name) => `{ name: ${name}, workload: { container: { image: a } } }`).join(", ")}]
  routes:
    - name: cart
      service: cart
      http: [{ backends: [${names.map((name) => `{ service: cart, version: ${name} }`).join(", ")}] }]`;

  /** What an engine does: creates and updates in the Plan's order, then deletes what is gone, dependents first. */
  function update(before: readonly PlanResource[], after: readonly PlanResource[]): PlanResource[][] {
    const live = new Map(before.map((each) => [each.id, each]));
    const steps: PlanResource[][] = [];
    for (const each of after) {
      live.set(each.id, each);
      steps.push([...live.values()]);
    }
    for (const each of [...before].reverse()) {
      if (after.some(({ id }) => id === each.id)) continue;
      live.delete(each.id);
      steps.push([...live.values()]);
    }
    return steps;
  }

  /** Subsets that a route names and no DestinationRule has. */
  function dangling(resources: readonly PlanResource[]): string[] {
    const text = (kind: string) =>
      resources.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ properties }) => JSON.stringify(properties));
    const named = text("VirtualService").flatMap((each) =>
      [...each.matchAll(/"subset":"(\w+)"/g)].map(([, name]) => name),
    );
    const defined = text("DestinationRule").join();
    return named.flatMap((name) =>
      name === undefined || defined.includes(`"subsets":[{"name":"${name}"`) ? [] : [name],
    );
  }

  it.each([
    ["from nothing", [], ["v1"]],
    ["a version more", ["v1"], ["v1", "v2"]],
    ["a version less", ["v1", "v2"], ["v2"]],
    ["one for another", ["v1"], ["v2"]],
  ])("no route names an absent subset at any step: %s", (_, before, after) => {
    const resources = (names: string[]) => (names.length === 0 ? [] : render(mesh(versions(...names))).plan.resources);
    const steps = update(resources(before), resources(after));
    expect(steps.map(dangling).flat()).toEqual([]);
    expect(
      steps
        .at(-1)
        ?.map(({ id }) => id)
        .sort(),
    ).toEqual(ids(resources(after)).sort());
  });

  it("a version is a DestinationRule of its own, so removing it is a delete", () => {
    const two = ids(render(mesh(versions("v1", "v2"))).plan.resources);
    const one = ids(render(mesh(versions("v1"))).plan.resources);
    expect(two.filter((id) => !one.includes(id))).toEqual(["Deployment/shop/cart-v2", "DestinationRule/shop/cart.v2"]);
  });

  it("pods wait for the policies that guard them, routes for pods", () => {
    const { resources } = render(modelOf(example)).plan;
    const at = (id: string) => ids(resources).indexOf(id);
    const chain = [
      "Namespace/mesh-namespace",
      "PeerAuthentication/mesh-namespace/mesh-peerauthentication",
      "Deployment/mesh-namespace/mesh-deployment",
      "DestinationRule/mesh-namespace/mesh-service.v1",
      "VirtualService/mesh-namespace/mesh-virtualservice",
    ];
    expect(chain.map(at)).toEqual(chain.map(at).sort((a, b) => a - b));
    for (const [n, id] of chain.slice(1).entries()) {
      expect(resources.find((each) => each.id === id)?.dependsOn).toContain(chain[n]);
    }
  });

  it("everything waits for the control plane where that is installed too", () => {
    const { resources } = render(
      mesh("  backends: { istio: { install: helm } }\n  services: [{ name: cart, ports: [{ port: 80 }] }]"),
    ).plan;
    expect(ids(resources).slice(0, 2)).toEqual(["Release/istio-system/istio-base", "Release/istio-system/istiod"]);
    for (const each of resources.filter(({ type }) => type.includes("istio.io"))) {
      expect(each.dependsOn).toContain("Release/istio-system/istiod");
    }
  });
});

it("every resource belongs to the piece that it is for", () => {
  const { resources } = render(modelOf(example)).plan;
  const owners = Object.fromEntries(resources.map(({ id, owner }) => [id.split("/")[0], owner]));
  expect(owners).toEqual({
    Namespace: "mesh",
    PeerAuthentication: "mtls:mesh-namespace/mesh-peerauthentication",
    ServiceAccount: "service:mesh-namespace/mesh-service",
    Service: "service:mesh-namespace/mesh-service",
    Deployment: "service:mesh-namespace/mesh-service",
    DestinationRule: "service:mesh-namespace/mesh-service",
    VirtualService: "route:mesh-namespace/mesh-virtualservice",
  });
});

it("a value known only at deployment passes untouched", () => {
  const image = { apply: () => "later" };
  const secret = Promise.resolve("secret");
  const { model } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "shop" },
    spec: {
      services: [
        {
          name: "cart",
          ports: [{ port: 80 }],
          versions: [
            {
              name: "v1",
              workload: { container: { image, env: { TOKEN: secret } }, template: { spec: { nodeName: secret } } },
            },
          ],
        },
      ],
    },
  });
  const deployment = render(model as Model).plan.resources.find(({ id }) => id.startsWith("Deployment/"));
  const spec = deployment?.properties.spec as {
    template: { spec: { nodeName: unknown; containers: { image: unknown; env: { value: unknown }[] }[] } };
  };
  expect(spec.template.spec.containers[0]?.image).toBe(image);
  expect(spec.template.spec.containers[0]?.env[0]?.value).toBe(secret);
  expect(spec.template.spec.nodeName).toBe(secret);
});

describe("Cloud Service Mesh", () => {
  const spec = `
  backends: { istio-managed-csm: { project: my-project, cluster: //container.googleapis.com/projects/p/locations/l/clusters/c } }
  services:
    - { name: web, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: a } } }] }
    - name: cart
      ports: [{ port: 80 }]
      traffic: { loadBalancing: { locality: { mode: prefer, failover: [{ from: a, to: b }] } }, outlierDetection: {} }
  policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }`;
  const { plan, findings } = render(mesh(spec), { flavour: "managed-csm" });

  it("joins the cluster to the fleet, managed by Google, before anything else", () => {
    expect(plan.backend).toBe("istio-managed-csm");
    expect(plan.resources.slice(0, 3).map(({ type }) => type)).toEqual([
      "gcp:gkehub/feature:Feature",
      "gcp:gkehub/membership:Membership",
      "gcp:gkehub/featureMembership:FeatureMembership",
    ]);
    expect(plan.resources[2]?.properties.mesh).toEqual({ management: "MANAGEMENT_AUTOMATIC" });
    expect(Object.values(plan.resources[2]?.properties ?? {}).filter(isReference)).toHaveLength(2);
    expect(toPulumiYaml(plan)).toContain("membership: ${Membership.membershipId}");
    expect(findings).toEqual([]);
  });

  it("writes principals in the project's trust domain", () => {
    expect(JSON.stringify(plan)).toContain('"principals":["my-project.svc.id.goog/ns/shop/sa/web"]');
  });

  it("leaves out the locality fields that Google does not read", () => {
    expect(JSON.stringify(plan)).toContain('"localityLbSetting":{"enabled":true}');
    expect(JSON.stringify(plan)).not.toContain('"failover"');
  });
});

describe("what Istio cannot hold is said", () => {
  const cart = "{ name: cart, ports: [{ port: 80 }] }";
  const rule = (text: string) => `  services: [${cart}]\n  routes: [{ name: cart, service: cart, http: [${text}] }]`;

  it.each([
    [
      "zeros that count as not set",
      "  services: [{ name: cart, ports: [{ port: 80 }], traffic: { connectionPool: { maxPendingRequests: 0, maxRetries: 0 } } }]",
      [
        "MESH2101 services[0].traffic.connectionPool.maxPendingRequests",
        "MESH2101 services[0].traffic.connectionPool.maxRetries",
      ],
    ],
    [
      "two conditions on one header, whatever its capitals",
      rule(
        "{ matches: [{ headers: [{ name: X-A, prefix: a }, { name: x-a, suffix: b }] }], backends: [{ service: cart }] }",
      ),
      ["MESH2102 routes[0].http[0].matches[0].headers[1]"],
    ],
    [
      "two workload policies for the same pods",
      `  services: [${cart}]\n  policies: { mtls: [{ name: a, target: { service: cart } }, { name: b, selector: { app: cart }, mode: STRICT }] }`,
      ["MESH2103 policies.mtls[1]"],
    ],
    [
      "a port's mode under a policy for more than its service",
      "  services: [{ name: cart, labels: { app: cart, team: a }, ports: [{ port: 80, mtls: STRICT }] }]\n  policies: { mtls: [{ name: a, selector: { team: a } }] }",
      ["MESH2103 services[0].ports"],
    ],
    [
      "a preferred zone without outlier detection",
      "  services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { locality: { mode: prefer } } } }]",
      ["MESH2104 services[0].traffic.loadBalancing.locality"],
    ],
    [
      "a redirect of a prefix below a regular expression",
      rule('{ matches: [{ path: { regex: "/a.*" } }], filters: { redirect: { prefix: /b } } }'),
      ["MESH2106 routes[0].http[0].filters.redirect.prefix"],
    ],
    [
      "a fault where the proxy answers",
      rule("{ filters: { directResponse: { status: 410 }, fault: { delay: { duration: 1s } } } }"),
      ["MESH2107 routes[0].http[0].filters.fault"],
    ],
    [
      "the rights that client certificates need",
      "  externalServices: [{ name: bank, hosts: [bank.example], ports: [{ port: 80 }], tls: { mode: MUTUAL, certificateRef: c } }]",
      ["MESH2108 externalServices[0].tls"],
    ],
    [
      "an identity that is a guess",
      `  services: [${cart}, { name: web, ports: [{ port: 80 }] }]\n  policies: { authorization: [{ name: a, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }`,
      ["MESH2109 policies.authorization[0].rules[0].from[0]"],
    ],
    ["a setting that nothing reads", "  backends: { istio: { revison: a } }", ["MESH2110 backends.istio.revison"]],
    [
      "several hosts of plain TCP",
      "  externalServices: [{ name: db, hosts: [a.example, b.example], ports: [{ port: 1, protocol: tcp }] }]",
      ["MESH2111 externalServices[0].hosts"],
    ],
    [
      "a CORS age of half seconds",
      rule("{ filters: { cors: { allowOrigins: ['*'], maxAge: 1500ms } }, backends: [{ service: cart }] }"),
      ["MESH2112 routes[0].http[0].filters.cors.maxAge"],
    ],
    [
      "a second hash key beside the cookie",
      "  services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: MAGLEV, hashOn: [{ header: a }], affinity: { cookie: b } } } }]",
      ["MESH2113 services[0].traffic.loadBalancing.affinity"],
    ],
    [
      "tcp rules on a port declared HTTP",
      `  services: [${cart}]\n  routes: [{ name: cart, service: cart, tcp: [{ backends: [{ service: cart }] }] }]`,
      ["MESH2114 routes[0]"],
    ],
    [
      "a collector that is a whole URL",
      "  backends: { istio: { install: helm } }\n  telemetry: { tracing: { endpoint: 'https://a.example/v1/traces' } }",
      ["MESH2115 telemetry.tracing.endpoint"],
    ],
    [
      "probe times of half seconds",
      "  services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: a, probes: { liveness: { tcpSocket: {}, period: 1500ms } } } } }] }]",
      ["MESH2190 services[0].versions[0].workload.container.probes.liveness.period"],
    ],
    [
      "a template that would change the identity",
      "  services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: a }, template: { spec: { serviceAccountName: b } } } }] }]",
      ["MESH2191 services[0].versions[0].workload.template.spec.serviceAccountName"],
    ],
  ])("%s", (_, spec, expected) => {
    expect(codes(spec)).toEqual(expected);
  });

  it("a match that it cannot write never becomes one that takes more", () => {
    const spec = rule(
      "{ matches: [{ query: [{ name: a, exact: b, negate: true }] }, { path: { exact: /ok } }], backends: [{ service: cart }] }",
    );
    const route = render(mesh(spec)).plan.resources.find(({ id }) => id === "VirtualService/shop/cart");
    expect((route?.properties.spec as { http: { match: unknown }[] }).http.map(({ match }) => match)).toEqual([
      [{ uri: { exact: "/ok" } }],
    ]);
  });

  it("the example says nothing", () => {
    expect(render(modelOf(example)).findings).toEqual([]);
  });
});

it("a required token is not asked of plain TCP, which carries none", () => {
  const spec = `
  services: [{ name: cart, ports: [{ port: 80, targetPort: 8080 }, { port: 5432, protocol: tcp }] }]
  policies: { jwt: [{ name: users, target: { service: cart }, issuer: a, jwks: '{"keys":[]}', required: true }] }`;
  const policy = render(mesh(spec)).plan.resources.find(({ id }) => id === "AuthorizationPolicy/shop/users.required");
  expect((policy?.properties.spec as { rules: { to: unknown }[] }).rules[0]?.to).toEqual([
    { operation: { ports: ["8080"] } },
  ]);
});
