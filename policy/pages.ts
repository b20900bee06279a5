import { parseAllDocuments } from "yaml";
import { policyPage } from "./evaluate";
import { type Enforcement, type PolicyRule, type PresetName, presetNames } from "./rule";
import { rules } from "./rules";
import { typescriptOf } from "./typescript";

const words: Readonly<Record<Enforcement, string>> = { mandatory: "mandatory", advisory: "advisory", disabled: "off" };

/** `meshup policy list`: the policies with their levels in each preset. */
export function policyTable(format: "text" | "json" | "markdown"): string {
  if (format === "json")
    return `${JSON.stringify(
      rules.map(({ code, name, title, scope, levels, settings, checks = [] }) => ({
        code,
        name,
        title,
        scope,
        levels,
        settings: Object.keys(settings ?? {}),
        checks: checks.map((check) => check.code),
      })),
      undefined,
      2,
    )}\n`;
  if (format === "markdown") return `${table((rule) => `[${rule.code}](${rule.code}.md)`).join("\n")}\n`;
  const width = Math.max(...rules.map(({ name }) => name.length));
  return rules
    .map(({ code, name, title, levels }) => {
      const both = presetNames.map((preset) => words[levels[preset]].padEnd(9)).join("  ");
      return `${code}  ${name.padEnd(width)}  ${both}  ${title}\n`;
    })
    .join("");
}
const table = (link: (rule: PolicyRule) => string): string[] => [
  "| code | policy | baseline | strict | seen from | what |",
  "|---|---|---|---|---|---|",
  ...rules.map((rule) => {
    const { name, title, scope, levels } = rule;
    const [baseline, strict] = presetNames.map((preset) => words[levels[preset]]);
    return `| ${link(rule)} | \`${name}\` | ${baseline} | ${strict} | ${scope} | ${title} |`;
  }),
];

/** What `baseline` does not ask, and why. */
export const offTable = (): string =>
  [
    "| policy | why `baseline` has it off |",
    "|---|---|",
    ...rules.flatMap(({ code, name, off }) => (off === undefined ? [] : [`| [\`${name}\`](${code}.md) | ${off} |`])),
    "",
  ].join("\n");

/** The page of one policy. */
export function pageOf(rule: PolicyRule): string {
  const { code, name, title, why, remedy, wanted, scope, levels, settings = {}, checks = [], example } = rule;
  const lines = [
    `# ${code}: ${title}`,
    "",
    `Policy \`${name}\`. ${presetNames.map((preset) => `${preset}: ${words[levels[preset]]}`).join("; ")}. ${
      scope === "resource"
        ? "It looks at each resource before anything of it is made."
        : "It looks at the whole stack, at the end of a preview and of an update."
    }`,
    "",
    why,
    "",
    `Wanted: ${wanted}.`,
    "",
    ...(rule.off === undefined ? [] : [`Off in \`baseline\`: ${rule.off}`, ""]),
    "## What to do",
    "",
    remedy,
    "",
  ];
  for (const [heading, manifests] of [
    ["Wrong", example.wrong],
    ["Right", example.right],
  ] as const)
    lines.push(
      `## ${heading}`,
      "",
      "```yaml",
      manifests.trim(),
      "```",
      "",
      "```typescript",
      typescriptOf(parseAllDocuments(manifests).map((document) => document.toJS() as Record<string, unknown>)),
      "```",
      "",
    );
  if (checks.length > 0) {
    lines.push("## Codes that it also reports", "");
    lines.push("The same rules hold for a mesh file (`meshup validate`):", "");
    for (const check of checks)
      lines.push(`- [${check.code}](../checks/${check.code}.md) \`${check.name}\`: ${check.title}`);
    lines.push("");
  }
  lines.push("## Settings", "", "| setting | default | what |", "|---|---|---|");
  lines.push("| `enforcementLevel` | as the preset says | mandatory, advisory or disabled |");
  lines.push("| `exemptions` | none | `resource` (name, namespace/name or URN, with `*`), `reason`, `expires` |");
  for (const [setting, { description, default: value, enum: values }] of Object.entries(settings))
    lines.push(
      `| \`${setting}\` | ${value === undefined ? "none" : `\`${JSON.stringify(value)}\``} | ${description}${values ? ` (${values.join(", ")})` : ""} |`,
    );
  const exempt = {
    enforcementLevel: "mandatory",
    exemptions: [{ resource: "shop/legacy", reason: "moves out", expires: "2027-01-31" }],
  };
  lines.push("", "```json", JSON.stringify({ [name]: exempt }, undefined, 2), "```", "");
  const relatives = relativesOf(rule);
  if (relatives.length > 0) lines.push("## Relatives", "", ...relatives.map((text) => `- ${text}`), "");
  return lines.join("\n");
}
function relativesOf({ relatives }: PolicyRule): string[] {
  const { istio = [], kiali = [], kyverno = [], other = [] } = relatives;
  return [
    ...istio.map((text) => `istioctl analyze ${text}`),
    ...kiali.map((text) => `Kiali ${text}`),
    ...kyverno.map((text) => `Kyverno ${text}`),
    ...other,
  ];
}

/** Everything in docs/policies that the rules say themselves, by file name. */
export const policyPages = (): ReadonlyMap<string, string> =>
  new Map(rules.map((rule) => [policyPage(rule).split("/").at(-1) ?? "", pageOf(rule)]));

/** A configuration file that sets each policy to its level in a preset. */
export const presetFile = (preset: PresetName): string =>
  `${JSON.stringify(
    Object.fromEntries(rules.map(({ name, levels }) => [name, { enforcementLevel: levels[preset] }])),
    undefined,
    2,
  )}\n`;
