import type { Check } from "./check";

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
