import { capabilityCodes } from "../capabilities";
import { checkByName, checks, pageOf, settingCodes } from "../checks";
import { pageOf as policyPageOf } from "../../policy/pages";
import { ruleByName, rules } from "../../policy/rules";
import { COST_CODES } from "../cost";
import { CODES as HOST_CODES } from "../host/problem";
import { CODES, didYouMean } from "../model";
import { RENDERER_CODES } from "../renderers/codes";
import { UsageError } from "./io";
import { PROGRAM_CODES } from "./program-codes";

/** Codes whose messages say the rest where they occur. */
const titles: Readonly<Record<string, string>> = { ...RENDERER_CODES, ...HOST_CODES, ...PROGRAM_CODES };

/** What a code means. Checks and policies have a page; the others a line. */
export function explainCode(name: string): string {
  const code = /^mesh\d+$/i.test(name) ? name.toUpperCase() : name;
  const check = checkByName(code);
  if (check) return pageOf(check);
  if (Object.hasOwn(CODES, code)) return `${code}: ${CODES[code as keyof typeof CODES].title}\n`;
  if (Object.hasOwn(settingCodes, code)) return `${code}: ${settingCodes[code as keyof typeof settingCodes]}\n`;
  if (Object.hasOwn(capabilityCodes, code))
    return `${code}: ${capabilityCodes[code as keyof typeof capabilityCodes]} (meshup capabilities FILE --backend NAME)\n`;
  if (Object.hasOwn(COST_CODES, code)) return costPage(code as keyof typeof COST_CODES);
  if (Object.hasOwn(titles, code)) return `${code}: ${titles[code]}\n`;
  const rule = ruleByName(code);
  if (rule) return policyPageOf(rule);
  const known = [
    ...checks.flatMap((c) => [c.code, c.name]),
    ...Object.keys(CODES),
    ...Object.keys(capabilityCodes),
    ...Object.keys(COST_CODES),
    ...Object.keys(titles),
    ...rules.flatMap((r) => [r.code, r.name]),
  ];
  throw new UsageError(`nothing is called ${name}. ${didYouMean(name, known)}`);
}

function costPage(code: keyof typeof COST_CODES): string {
  const { level, title, remedy } = COST_CODES[code];
  return `# ${code}: ${title}\n\nLevel ${level}, from \`meshup cost\` and from a stack's meshes.\n\nWhat to do: ${remedy}. docs/cost.md says more.\n`;
}

/** All checks, one a line. */
export function listChecks(): string {
  const width = Math.max(...checks.map((c) => c.name.length));
  return checks.map((c) => `${c.code}  ${c.level.padEnd(7)}  ${c.name.padEnd(width)}  ${c.title}\n`).join("");
}
