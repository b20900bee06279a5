/**
 * npm run bench:policy: CPU time of a pack run by the number of resources, to show that it grows in a straight line.
 *
 * Method: stacks of shops of ten Istio and Kubernetes resources each, as Pulumi hands them over; CPU time (user and
 * system) of all 39 policies at their strict levels, once over the stack and, for those that see one resource, once
 * over each; garbage collected before each round; the median of the rounds. What Pulumi's server does around it
 * (decoding the same stack for every policy) is not in it. The exponent is the slope of log(time) over log(resources).
 *
 * Options: --rounds N (3).
 */
import { parseArgs } from "node:util";
import { configOf } from "../policy/config";
import { evaluate } from "../policy/evaluate";
import { rules } from "../policy/rules";
import { type Given, readings } from "../src/facts";

const SIZES = [1250, 2500, 5000, 10000] as const;
const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });

/** Ten resources of one application; every fifth switches TLS off, so that messages are written as well. */
function application(i: number): Given[] {
  const namespace = `team-${i % 40}`;
  const name = `app-${i}`;
  const host = `${name}.${namespace}.svc.cluster.local`;
  const metadata = { name, namespace };
  const istio = (kind: string, spec: object, group = "networking") => ({
    apiVersion: `${group}.istio.io/v1`,
    kind,
    metadata,
    spec,
  });
  const labels = { app: name };
  const container = {
    name: "app",
    image: "app:1",
    resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
  };
  const template = { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } };
  const selector = { matchLabels: labels };
  const objects = [
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ name: "http", port: 80 }] } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 3, selector, template } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    istio("VirtualService", {
      hosts: [name],
      http: [
        { match: [{ uri: { prefix: "/v1" } }], route: [{ destination: { host, subset: "v1" } }] },
        { route: [{ destination: { host } }] },
      ],
    }),
    istio("DestinationRule", {
      host,
      trafficPolicy: { tls: { mode: i % 5 === 0 ? "DISABLE" : "ISTIO_MUTUAL" } },
      subsets: [{ name: "v1", labels }],
    }),
    istio("PeerAuthentication", { selector, mtls: { mode: "STRICT" } }, "security"),
    istio(
      "AuthorizationPolicy",
      { selector, rules: [{ from: [{ source: { principals: [`cluster.local/ns/${namespace}/sa/${name}`] } }] }] },
      "security",
    ),
    istio(
      "RequestAuthentication",
      { selector, jwtRules: [{ issuer: "https://id.example", audiences: ["x"] }] },
      "security",
    ),
    istio("Sidecar", { workloadSelector: { labels }, egress: [{ hosts: ["./*"] }] }),
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "b" } },
  ];
  return objects.map((properties) => ({ id: `urn:pulumi:dev::bench::${properties.kind}::${name}`, properties }));
}
const stackOf = (size: number): Given[] => Array.from({ length: size / 10 }, (_, i) => application(i)).flat();
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;

const configs = rules.map((rule) => ({
  rule,
  config: { ...configOf(rule, {}, "strict"), level: "mandatory" as const },
}));
function packRun(stack: readonly Given[]): number {
  let found = 0;
  const whole = readings(stack);
  for (const { rule, config } of configs)
    if (rule.scope === "stack") found += evaluate(rule, whole, config, "2026-11-24").length;
  for (const resource of stack) {
    const alone = readings([resource]);
    for (const { rule, config } of configs)
      if (rule.scope === "resource") found += evaluate(rule, alone, config, "2026-11-24").length;
  }
  return found;
}

console.log("resources  violations   CPU ms   µs a resource");
packRun(stackOf(1250));
const points = SIZES.map((size) => {
  const stack = stackOf(size);
  let found = 0;
  const times = Array.from({ length: Number(values.rounds) }, () => {
    globalThis.gc?.();
    const before = process.cpuUsage();
    found = packRun(stack);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const ms = median(times);
  console.log(
    `${String(size).padStart(9)}  ${String(found).padStart(10)}  ${ms.toFixed(0).padStart(7)}  ${((1000 * ms) / size).toFixed(1).padStart(14)}`,
  );
  return [Math.log(size), Math.log(ms)] as const;
});
const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
const [x, y] = [mean(0), mean(1)];
const slope = points.reduce((s, [a, b]) => s + (a - x) * (b - y), 0) / points.reduce((s, [a]) => s + (a - x) ** 2, 0);
console.log(`time grows as resources^${slope.toFixed(2)}`);
