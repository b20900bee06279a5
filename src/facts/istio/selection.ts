import type { Target } from "../../model/model";
import type { Draft } from "../draft";
import { inside, labelsIn } from "../read";
import type { RawResource } from "../resource";

/** Where policies hold for the whole mesh. */
export const ROOT_NAMESPACE = "istio-system";

/** What a policy with this selector applies to. */
export const targetOf = ({ namespace }: RawResource, selector: unknown): Target => {
  const labels = labelsIn(inside(selector, "matchLabels"));
  return Object.keys(labels).length > 0 ? { namespace, selector: labels } : { namespace };
};

/** Notes what a resource selects, for those who ask whether anything carries it. */
export function selection(resource: RawResource, labels: unknown, field: string, draft: Draft, anywhere = false): void {
  if (labels === undefined) return;
  draft.raw.selectors.push({
    path: `${resource.id}#${field}`,
    kind: resource.type.split("/")[1] ?? "",
    namespace: resource.namespace,
    labels: labelsIn(labels),
    anywhere: anywhere || resource.namespace === ROOT_NAMESPACE,
  });
}
