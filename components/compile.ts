import { checkCapabilities } from "../src/capabilities";
import { runChecks } from "../src/checks";
import { fromObject, hasErrors, type BackendName, type Finding } from "../src/model";
import { RENDERERS } from "../src/renderers";
import { codes } from "./errors";
import type { ProjectLevels } from "./levels";
import type { Compiled, Settle } from "./render";

/**
 * Document to Plan, with everything that is checked before a resource is made, at the levels that the project sets;
 * `settle` takes out what the comments of a file ignore.
 */
export function compile(
  document: Readonly<Record<string, unknown>>,
  backend: string,
  project: ProjectLevels = { levels: {}, findings: [] },
  settle: Settle = (findings) => findings,
): Compiled {
  const render = Object.hasOwn(RENDERERS, backend) ? RENDERERS[backend as BackendName] : undefined;
  if (render === undefined) return { findings: [unknownBackend(backend)] };
  const { model, findings } = fromObject(document);
  if (model === undefined || hasErrors(findings)) return { findings };
  const { levels } = project;
  const checked = [
    ...project.findings,
    ...settle([...findings, ...runChecks(model, { levels })]),
    ...checkCapabilities(model, backend as BackendName),
  ];
  if (hasErrors(checked)) return { findings: checked };
  const { plan, findings: losses } = render(model);
  return { model, plan, findings: [...checked, ...losses] };
}

const unknownBackend = (backend: string): Finding => ({
  code: codes.unknownBackend,
  level: "error",
  path: "backend",
  message: `there is no backend ${JSON.stringify(backend)}`,
  remedy: `Use one of: ${Object.keys(RENDERERS).join(", ")}.`,
});
