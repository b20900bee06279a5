/**
 * npm run bench:cost: CPU time of an estimate by the number of services, to show that it grows in a straight line.
 *
 * Method: one mesh a size, every service in one version with three replicas and traffic of its own; CPU time (user and
 * system, all threads) of `estimate` alone, garbage collected before each; the median of the rounds. The exponent is the
 * slope of log(time) over log(services) by least squares: 1 is linear.
 *
 * Options: --rounds N (5), --backend NAME (all of istio, appmesh, vpc-lattice).
 */
import { parseArgs } from "node:util";
import { estimate, loadUsage } from "../src/cost";
import { type BackendName, fromObject, type Model } from "../src/model";

const SIZES = [1250, 2500, 5000, 10000, 20000] as const;

function meshOf(size: number): Model {
  const services = Array.from({ length: size }, (_, i) => ({
    name: `s${i}`,
    labels: { app: `s${i}` },
    ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
    versions: [
      {
        name: "v1",
        labels: { version: "v1" },
        workload: { name: `s${i}`, replicas: 3, container: { name: "app", image: "app" } },
      },
    ],
  }));
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "bench", namespace: "bench" },
    spec: { services },
  });
  if (!model) throw new Error(findings[0]?.message);
  return model;
}
/** Traffic that differs from service to service, so that nothing is shared. */
function usageFor(size: number) {
  const own = Object.fromEntries(
    Array.from({ length: size }, (_, i) => [
      `service.s${i}`,
      {
        requests_per_second: { average: 1 + (i % 97), peak: 200 + (i % 89) },
        request_bytes: 900 + (i % 71),
        response_bytes: 4000,
        cross_zone_percent: 66.7,
        metric_series_per_replica: 20,
      },
    ]),
  );
  const { usage, findings } = loadUsage(JSON.stringify({ version: 0.1, resource_usage: own }));
  if (!usage) throw new Error(findings[0]?.message);
  return usage;
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
function exponent(points: readonly (readonly [size: number, ms: number])[]): number {
  const logs = points.map(([size, ms]) => [Math.log(size), Math.log(ms)] as const);
  const mean = (pick: 0 | 1): number => logs.reduce((sum, point) => sum + point[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return slope / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, backend: { type: "string" } } });
const backends = (values.backend ? [values.backend] : ["istio", "appmesh", "vpc-lattice"]) as BackendName[];
const cases = SIZES.map((size) => ({ size, model: meshOf(size), usage: usageFor(size) }));
console.log("backend       services    lines   CPU ms   µs a service");
for (const backend of backends) {
  for (let i = 0; i < 3; i++) estimate(cases[0]!.model, backend, { usage: cases[0]!.usage });
  const points = cases.map(({ size, model, usage }) => {
    let lines = 0;
    const times = Array.from({ length: Number(values.rounds) }, () => {
      globalThis.gc?.();
      const before = process.cpuUsage();
      lines = estimate(model, backend, { usage }).lines.length;
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    const ms = median(times);
    console.log(
      `${backend.padEnd(12)}  ${String(size).padStart(8)}  ${String(lines).padStart(7)}  ${ms.toFixed(0).padStart(7)}  ${((1000 * ms) / size).toFixed(1).padStart(13)}`,
    );
    return [size, ms] as const;
  });
  console.log(`${backend}: time grows as services^${exponent(points).toFixed(2)}`);
}
