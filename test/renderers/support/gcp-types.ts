import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../../node_modules/@pulumi/gcp");

/** What the provider's comments say a field may be: "Possible values are: `A`, `B`." */
export function possibleValues(file: string, field: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const at = text.lastIndexOf(`\n    ${field}?:`);
  const comment = text.slice(text.lastIndexOf("/**", at), at);
  const said = /Possible values are: ([^.]+)\./.exec(comment)?.[1] ?? "";
  return [...said.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value);
}
