import type { Area, Check } from "./check";
import { checks } from "./table";

/** Where the rule's page is, relative to the package. */
export const pageUrl = (check: Check): string => `docs/checks/${check.code}.md`;

const fence = (spec: string) => ["```yaml", ...indent(spec), "```"];
/** The contents of `spec`, as they stand in a mesh file. */
const indent = (spec: string) => [
  "spec:",
  ...spec
    .trim()
    .split("\n")
    .map((line) => `  ${line}`),
];

/** The page of one rule: what `docs/checks` holds and `meshup explain` prints. */
export function pageOf(check: Check): string {
  const { istio = [], kiali = [], kyverno = [], other = [] } = check.relatives;
  const relatives = [
    ...istio.map((code) => `istioctl analyze ${code}`),
    ...kiali.map((code) => `Kiali ${code}`),
    ...kyverno.map((name) => `Kyverno ${name}`),
    ...other,
  ];
  return [
    `# ${check.code}: ${check.title}`,
    "",
    `Level: ${check.level}. Name: \`${check.name}\`. Area: ${check.area}.`,
    "",
    check.why,
    "",
    "## What to do",
    "",
    check.remedy,
    "",
    "## Wrong",
    "",
    ...fence(check.example.wrong),
    "",
    "## Right",
    "",
    ...fence(check.example.right),
    "",
    ...(relatives.length > 0 ? ["## Relatives", "", ...relatives.map((text) => `- ${text}`), ""] : []),
    "## To ignore it",
    "",
    "At one place, with the reason:",
    "",
    "```yaml",
    `# meshup-ignore ${check.code}: why it is right here`,
    "```",
    "",
    "For the whole project, in `.meshuprc.yaml`:",
    "",
    "```yaml",
    `checks: { ${check.code}: "off" } # or error, warning, info`,
    "```",
    "",
  ].join("\n");
}

const areas: Readonly<Record<Area, string>> = {
  routes: "Routes",
  traffic: "Destinations",
  calls: "The call graph",
  gateways: "Gateways",
  security: "Security",
  workloads: "Workloads and backends",
  telemetry: "Telemetry",
};

/** Everything in `docs/checks`, by file name. */
export function checkPages(): ReadonlyMap<string, string> {
  const pages = new Map(checks.map((check) => [`${check.code}.md`, pageOf(check)]));
  const lines = [
    "# Checks",
    "",
    `What \`meshup validate\` looks for beyond structure: ${checks.length} rules. Each page has an example of wrong and right,`,
    "and how to ignore the rule at one place or for a project.",
    "",
  ];
  for (const [area, title] of Object.entries(areas)) {
    lines.push(`## ${title}`, "", "| code | level | what |", "|---|---|---|");
    for (const check of checks.filter((c) => c.area === area))
      lines.push(`| [${check.code}](${check.code}.md) \`${check.name}\` | ${check.level} | ${check.title} |`);
    lines.push("");
  }
  return pages.set("README.md", lines.join("\n"));
}
