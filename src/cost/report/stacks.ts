import { COMPONENTS, componentNames } from "../components";
import { Decimal } from "../decimal";
import { type CostRecord, totalOf } from "../record";
import { columns, markdownTable } from "./columns";
import { money } from "./money";

/** What the meshes of one stack cost, by its last update. */
export interface StackCost {
  readonly stack: string;
  readonly meshes: readonly CostRecord[];
}

/** Every stack's meshes, one a line, with a total where all are in one currency. */
export function stacksTable(stacks: readonly StackCost[]): string {
  const { head, rows, align, note } = grid(stacks);
  return `${columns([head, ...rows], align)}${note}\n`;
}
export function stacksMarkdown(stacks: readonly StackCost[]): string {
  const { head, rows, align, note } = grid(stacks);
  return `${markdownTable(head, rows, align)}\n${note}`;
}
/** Amounts as decimal strings; `totalMonthlyCost` is null where the stacks are in several currencies. */
export function stacksJson(stacks: readonly StackCost[]): string {
  const sum = totalOf(stacks.flatMap(({ meshes }) => meshes));
  return `${JSON.stringify(
    {
      currency: sum?.currency ?? null,
      totalMonthlyCost: sum?.total.toString() ?? null,
      stacks: stacks.map(({ stack, meshes }) => ({
        stack,
        totalMonthlyCost: totalOf(meshes)?.total.toString() ?? null,
        meshes,
      })),
    },
    null,
    2,
  )}\n`;
}

function grid(stacks: readonly StackCost[]) {
  const all = stacks.flatMap(({ meshes }) => meshes);
  const shown = componentNames.filter((name) => all.some(({ byComponent }) => byComponent[name] !== undefined));
  const cells = (record: CostRecord): string[] => {
    const { mesh, backend, region, platform, currency, monthly, low, high, open } = record;
    const say = (text: string): string => money(Decimal.of(text), currency);
    const span = low === high ? say(monthly) : `${say(monthly)} (${say(low)} – ${say(high)})`;
    const parts = shown.map((name) => (record.byComponent[name] === undefined ? "–" : say(record.byComponent[name])));
    return [mesh, backend, `${region} (${platform})`, ...parts, span, open === 0 ? "" : String(open)];
  };
  const rows = stacks.flatMap(({ stack, meshes }) =>
    meshes.length === 0
      ? [[stack, "no mesh", ...Array.from({ length: 4 + shown.length }, () => "")]]
      : meshes.map((record) => [stack, ...cells(record)]),
  );
  const sum = totalOf(all);
  if (sum)
    rows.push([
      "TOTAL",
      ...["", "", ""],
      ...shown.map((name) =>
        money(Decimal.sum(all.map(({ byComponent }) => Decimal.of(byComponent[name] ?? "0"))), sum.currency),
      ),
      money(sum.total, sum.currency),
      "",
    ]);
  const note =
    all.length > 0 && !sum
      ? "\nThe stacks are priced in several currencies: there is no total.\n"
      : all.some(({ open }) => open > 0)
        ? "\nOpen lines depend on usage, a measurement or a vendor's offer; they are in no total.\n"
        : "";
  const head = [
    "Stack",
    "Mesh",
    "Backend",
    "Where",
    ...shown.map((name) => COMPONENTS[name]),
    "Monthly (low – high)",
    "Open",
  ];
  const align = [
    ...Array.from({ length: 4 }, () => "left" as const),
    ...shown.map(() => "right" as const),
    "right",
    "right",
  ] as const;
  return { head, rows, align, note };
}
