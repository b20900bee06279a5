import type { Measured } from "./measure";
import type { Operation, ProgramName } from "./stack";

/** One row: a program's operation on a stack of a size, the median of its rounds. */
export interface Result extends Omit<Measured, "changes"> {
  readonly services: number;
  /** Those of providers: the components themselves do not count. */
  readonly resources: number;
  readonly program: ProgramName;
  readonly operation: Operation;
  readonly rounds: number;
}

const byHand = (of: Result, all: readonly Result[]): Result =>
  all.find(
    ({ program, services, operation }) =>
      program === "by-hand" && services === of.services && operation === of.operation,
  ) as Result;

/** How much longer than by hand, in percent. */
export const overOf = (of: Result, all: readonly Result[]): number => 100 * (of.seconds / byHand(of, all).seconds - 1);

const signed = (percent: number): string => `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(0)} %`;

/** Both programs side by side, a line an operation. */
export function tableOf(results: readonly Result[]): string {
  const rows = results
    .filter(({ program }) => program === "with-components")
    .map((ours) => {
      const theirs = byHand(ours, results);
      return [
        ours.services,
        ours.resources,
        ours.operation,
        ...[theirs, ours].map(({ seconds }) => seconds.toFixed(2)),
        signed(overOf(ours, results)),
        ...[theirs, ours].map(({ cpuSeconds }) => cpuSeconds.toFixed(2)),
        ...[theirs, ours].map(({ engineMb }) => engineMb),
        ...[theirs, ours].map(({ programMb }) => programMb),
        ours.rounds,
      ].join(" | ");
    });
  const head = [
    "services | resources | operation | by hand s | s | difference",
    "by hand CPU s | CPU s | by hand engine MB | engine MB | by hand program MB | program MB | rounds",
  ].join(" | ");
  const lines = [head, head.replaceAll(/[^|]+/g, " --- ").trim(), ...rows];
  return `${lines.map((line) => `| ${line} |`).join("\n")}\n`;
}
