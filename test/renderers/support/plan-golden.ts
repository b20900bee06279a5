import { Document, isCollection, isPair, visit } from "yaml";
import { isReference, mapValues, type Plan } from "../../../src/plan";

/** `# golden: Route, VirtualNode`: the kinds that a case is about; the rest of its Plan would only repeat. */
export const kindsOf = (text: string): readonly string[] => /^# golden: (.+)$/m.exec(text)?.[1]?.split(", ") ?? [];

/** The resources of those kinds as a person reads them: by id, references as `id#output`, what they come after. */
export function readable(plan: Plan, kinds: readonly string[]): string {
  const shown = plan.resources.filter(({ type }) => kinds.includes(type.split(":").at(-1) ?? ""));
  const entries = shown.map(({ id, properties, dependsOn }) => [
    id,
    {
      ...(mapValues(properties, (leaf) =>
        isReference(leaf) ? { value: `${leaf.$ref}#${leaf.output}` } : undefined,
      ) as object),
      ...(dependsOn.length > 0 && { "(after)": dependsOn }),
    },
  ]);
  const document = new Document(Object.fromEntries(entries), { aliasDuplicateObjects: false });
  // What holds nothing but values stands on one line.
  visit(document, {
    Collection: (_key, node) => {
      const inner = node.items.map((item) => (isPair(item) ? item.value : item));
      if (!inner.some((item) => isCollection(item))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 120 });
}
