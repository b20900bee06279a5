import { checkCapabilities } from "../capabilities";
import type { Finding } from "../model/finding";
import type { BackendName } from "../model";
import type { Plan } from "../plan/plan";
import { RENDERERS } from "../renderers";
import type { MeshFile } from "./mesh-file";

export interface ForBackend {
  /** Absent where nothing renders this backend. */
  readonly plan?: Plan;
  /** What the file says wrong, what the backend cannot do, and what its renderer alone can know; with their places. */
  readonly findings: readonly Finding[];
}

/** A mesh as one backend takes it: everything that there is to say about it, before anything is written or applied. */
export function forBackend(file: MeshFile, backend: BackendName, acceptAll = false): ForBackend {
  const rendered = RENDERERS[backend]?.(file.model);
  const losses = [...checkCapabilities(file.model, backend, { acceptAll }), ...(rendered?.findings ?? [])];
  return {
    ...(rendered !== undefined && { plan: rendered.plan }),
    findings: [...file.findings, ...losses.map(file.locate)],
  };
}
