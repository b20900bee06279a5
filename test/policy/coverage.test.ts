import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ruleByName } from "../../policy/rules";
import { coverageCases } from "./coverage";
import { manifests, run } from "./support";

/** Rows of docs/policies/coverage.md: a foreign rule, and ours that it names. */
const rows = readFileSync(resolve(__dirname, "../../docs/policies/coverage.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, name = "", , ours = ""]) => ({
    of: name.replaceAll("`", ""),
    ours: [...ours.matchAll(/`([a-z-]+)`/g)].map(([, rule = ""]) => rule),
  }));
const settings: Readonly<Record<string, object>> = { "certificate-limits": { allowedIssuers: ["mesh"] } };

it("has a case for each foreign rule that coverage.md says we catch", () => {
  const covered = new Set(coverageCases.map(({ of }) => of));
  expect(rows.filter(({ ours }) => ours.length > 0).map(({ of }) => of)).toEqual(
    rows.map(({ of }) => of).filter((of) => covered.has(of)),
  );
});

it.each(coverageCases.map((one) => [one.of, one.ours, one] as const))("%s: %s catches it", (of, ours, one) => {
  expect(rows.find((row) => row.of === of)?.ours).toContain(ours);
  const rule = ruleByName(ours)!;
  const found = run(rule, manifests(one.manifests), { [ours]: settings[ours] ?? {} });
  expect(found).not.toEqual([]);
});
