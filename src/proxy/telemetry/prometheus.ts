/** The Prometheus text format, version 0.0.4. */

export type MetricType = "counter" | "gauge" | "histogram";
export type Labels = readonly (readonly [name: string, value: string])[];

/** Collects samples by metric, since the format wants all samples of one metric together. */
export class Exposition {
  private readonly metrics = new Map<string, { readonly type: MetricType; readonly lines: string[] }>();

  add(name: string, type: MetricType, labels: Labels, value: number): void {
    this.family(name, type).push(`${name}${labelText(labels)} ${numberText(value)}`);
  }

  /** `bounds` are upper bounds; `counts` has one more entry, for what is above them all. Counts are not cumulative. */
  addHistogram(name: string, labels: Labels, bounds: readonly number[], counts: ArrayLike<number>, sum: number): void {
    const lines = this.family(name, "histogram");
    const own = labelText(labels);
    const open = own === "" ? "{" : `${own.slice(0, -1)},`;
    let total = 0;
    for (let i = 0; i <= bounds.length; i++) {
      total += counts[i] as number;
      const bound = i < bounds.length ? String(bounds[i]) : "+Inf";
      lines.push(`${name}_bucket${open}le="${bound}"} ${total}`);
    }
    lines.push(`${name}_sum${own} ${numberText(sum)}`, `${name}_count${own} ${total}`);
  }

  toString(): string {
    let text = "";
    for (const [name, { type, lines }] of this.metrics) text += `# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
    return text;
  }

  private family(name: string, type: MetricType): string[] {
    let family = this.metrics.get(name);
    if (!family) this.metrics.set(name, (family = { type, lines: [] }));
    return family.lines;
  }
}

function labelText(labels: Labels): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escape(value)}"`).join(",")}}`;
}

function escape(value: string): string {
  return value.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`));
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}
