/** What one run of the benchmark found, as docs/benchmarks/proxy.json keeps it. */
export interface Report {
  /** ISO day. */
  readonly date: string;
  readonly machine: string;
  readonly settings: Settings;
  readonly rows: readonly Row[];
  readonly ladder: readonly LadderStep[];
  readonly memory: readonly MemoryRow[];
}

export interface Settings {
  readonly rounds: number;
  readonly windowSeconds: number;
  /** Requests a second of the paced rows. */
  readonly rate: number;
  readonly connections: number;
  /** The proxy had a core for itself; false where the machine has no taskset or one core. */
  readonly pinned: boolean;
  /** Of the machine before the run: above a tenth, others were at work too. */
  readonly loadAverage: number;
}

export interface Measured {
  /** Of the whole process, user and system, by answer. */
  readonly cpuMicros: number;
  readonly rps: number;
  /** Share of one core. */
  readonly busy: number;
  readonly p50: number;
  readonly p99: number;
  readonly rssMb: number;
  readonly errors: number;
}

export interface Row {
  readonly scenario: string;
  readonly phase: string;
  readonly ours: Measured;
  readonly envoy: Measured;
  /** Medians of the rounds' own ratios, and the least and greatest of the CPU's. */
  readonly ratio: { readonly cpu: number; readonly cpuLeast: number; readonly cpuMost: number; readonly p99: number };
}

export interface LadderStep {
  readonly feature: string;
  readonly ours: number;
  readonly envoy: number;
  /** µs more than the step before, median of the rounds. */
  readonly oursAdds: number;
  readonly envoyAdds: number;
}

export interface MemoryRow {
  readonly scenario: string;
  readonly connections: number;
  readonly routes: number;
  readonly oursMb: number;
  readonly envoyMb: number;
}

/** A row of latency: the others' p99 shows how the load is paced, not how fast a proxy is. */
export const isLatency = ({ phase }: Row): boolean => phase.startsWith("open loop");

/** What the project aims at, as shares of Envoy's numbers, and megabytes. */
export const aims: Readonly<Record<string, { readonly cpu: number; readonly p99: number; readonly rssMb?: number }>> = {
  plain: { cpu: 0.6, p99: 1, rssMb: 100 },
  "tls-down": { cpu: 0.75, p99: 1 },
  mtls: { cpu: 0.9, p99: 1.1, rssMb: 150 },
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN];
  return (low + high) / 2;
};

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Over or under its aim; nothing where there is none. */
function verdict(value: number, aim: number | undefined): string {
  if (aim === undefined) return "";
  return value <= aim ? `≤ ${aim}` : `**over ${aim}**`;
}

export function cpuTable(rows: readonly Row[]): string {
  return markdown(
    ["path", "load", "CPU µs/request", "Envoy", "ratio (of rounds)", "aim", "requests/s", "Envoy", "errors"],
    rows
      .filter((row) => !isLatency(row))
      .map(({ scenario, phase, ours, envoy, ratio }) => [
        scenario,
        phase,
        ours.cpuMicros.toFixed(1),
        envoy.cpuMicros.toFixed(1),
        `${ratio.cpu.toFixed(2)} (${ratio.cpuLeast.toFixed(2)}–${ratio.cpuMost.toFixed(2)})`,
        verdict(ratio.cpu, aims[scenario]?.cpu),
        `${Math.round(ours.rps)} (core ${Math.round(ours.busy * 100)} %)`,
        `${Math.round(envoy.rps)} (core ${Math.round(envoy.busy * 100)} %)`,
        `${ours.errors}/${envoy.errors}`,
      ]),
  );
}

export function latencyTable(rows: readonly Row[]): string {
  return markdown(
    ["path", "load", "p50 ms", "Envoy", "p99 ms", "Envoy", "p99 ratio", "aim", "errors"],
    rows
      .filter(isLatency)
      .map(({ scenario, phase, ours, envoy, ratio }) => [
        scenario,
        `${phase} (${Math.round(ours.rps)}/s)`,
        ours.p50.toFixed(2),
        envoy.p50.toFixed(2),
        ours.p99.toFixed(2),
        envoy.p99.toFixed(2),
        ratio.p99.toFixed(2),
        phase.includes("50 %") ? verdict(ratio.p99, aims[scenario]?.p99) : "",
        `${ours.errors}/${envoy.errors}`,
      ]),
  );
}

/** A step that costs more is mended, or explained where the ladder names it. */
const dearMicros = 3;

export function ladderTable(steps: readonly LadderStep[]): string {
  return markdown(
    ["with", "CPU µs/request", "adds", "Envoy", "adds"],
    steps.map(({ feature, ours, envoy, oursAdds, envoyAdds }, i) => [
      feature,
      ours.toFixed(1),
      i === 0 ? "" : oursAdds > dearMicros ? `**${oursAdds.toFixed(1)}**` : oursAdds.toFixed(1),
      envoy.toFixed(1),
      i === 0 ? "" : envoyAdds.toFixed(1),
    ]),
  );
}

export function memoryTable(rows: readonly MemoryRow[]): string {
  return markdown(
    ["path", "connections", "routes", "RSS MB", "aim", "Envoy"],
    rows.map(({ scenario, connections, routes, oursMb, envoyMb }) => [
      scenario,
      String(connections),
      String(routes),
      oursMb.toFixed(0),
      verdict(oursMb, aims[scenario]?.rssMb),
      envoyMb.toFixed(0),
    ]),
  );
}
