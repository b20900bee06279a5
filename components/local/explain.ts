import { type Code, codes } from "../errors";

/** What a cluster's answer means for a mesh, where the answer alone does not tell what to do. */
interface Explanation {
  readonly says: RegExp;
  readonly code: Code;
  readonly remedy: string;
}

/** As kube-apiserver, client-go and Pulumi's provider word them. */
const explanations: readonly Explanation[] = [
  {
    says: /no matches for kind|could not find the requested resource|the API server knows no /i,
    code: codes.kindUnknown,
    remedy:
      "The cluster does not know this kind: the mesh's control plane is not installed there, or is older. Install it " +
      "(spec.backends.NAME.install: helm, or the mesh's own way) and run this again: what was made already stays.",
  },
  {
    says: /Apply failed with \d+ conflict|conflicts? with "|field manager conflict/i,
    code: codes.fieldConflict,
    remedy:
      "Another manager owns this field: an autoscaler, a controller or kubectl. If it should decide, leave the field to " +
      "it (transforms: [({ props, opts }) => ({ props, opts: { ...opts, ignoreChanges: [PATH] } })] on the Mesh). If this " +
      'program should, set the annotation pulumi.com/patchForce: "true" on the resource for one update.',
  },
];

/** The message, and below it what to do about it where that is known. */
export function explained(message: string): string {
  const found = explanations.find(({ says }) => says.test(message));
  return found === undefined ? message : `${message}\n    ${found.code}: ${found.remedy}`;
}
