/**
 * npm run bench:policy: CPU time of a pack run by the number of resources, to show that it grows in a straight line.
 *
 * Method: stacks of shops of ten Istio and Kubernetes resources each, through the pack's own policies as Pulumi's server
 * calls them: those that see one resource for each, then those that see the stack; reading the resources is in it. CPU time
 * (user and system), garbage collected before each round; the median of the rounds. What Pulumi's server does around
 * it (decoding the same stack for every policy) is not in it. The exponent is the slope of log(time) over log(resources).
 *
 * Options: --rounds N (3).
 */
import { parseArgs } from "node:util";
import { policies } from "../policy/pack";
import type { PulumiResource } from "../policy/pulumi-resources";
import type { Given } from "../src/facts";

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
const stackOf = (size: number): PulumiResource[] =>
  Array.from({ length: size / 10 }, (_, i) => application(i).map(asResource)).flat();
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;

/** As Pulumi hands a resource to a policy. */
const asResource = ({ id = "", properties }: Given): PulumiResource => {
  const { apiVersion, kind } = properties as { readonly apiVersion: string; readonly kind: string };
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  return { type, name: id, urn: id, props: properties };
};
const pack = policies(() => "2026-11-24") as readonly Judging[];
/** The faces of a policy that Pulumi's server calls. */
interface Judging {
  readonly validateResource?: (args: object, report: () => void) => void;
  readonly validateStack?: (args: object, report: () => void) => void;
}
async function packRun(stack: readonly PulumiResource[]): Promise<number> {
  let found = 0;
  const report = (): void => void found++;
  const getConfig = (): object => ({});
  for (const resource of stack)
    for (const policy of pack) policy.validateResource?.({ ...resource, getConfig }, report);
  for (const policy of pack) policy.validateStack?.({ resources: stack, getConfig }, report);
  // The pack forgets what it read with the turn, as between two calls of the server.
  await new Promise((done) => setImmediate(done));
  return found;
}

async function main(): Promise<void> {
  console.log("resources  violations   CPU ms   µs a resource");
  await packRun(stackOf(1250));
  const points: (readonly [number, number])[] = [];
  for (const size of SIZES) {
    const stack = stackOf(size);
    let found = 0;
    const times: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      globalThis.gc?.();
      const before = process.cpuUsage();
      found = await packRun(stack);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    const ms = median(times);
    console.log(
      `${String(size).padStart(9)}  ${String(found).padStart(10)}  ${ms.toFixed(0).padStart(7)}  ${((1000 * ms) / size).toFixed(1).padStart(14)}`,
    );
    points.push([Math.log(size), Math.log(ms)]);
  }
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = points.reduce((s, [a, b]) => s + (a - x) * (b - y), 0) / points.reduce((s, [a]) => s + (a - x) ** 2, 0);
  console.log(`time grows as resources^${slope.toFixed(2)}`);
}
void main();
