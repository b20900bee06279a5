import type { Check } from "../check";
import { inTemplate } from "../../facts";

const listAt = (value: unknown, ...keys: string[]): readonly unknown[] => {
  const list = inTemplate(value, ...keys);
  return Array.isArray(list) ? (list as unknown[]) : [];
};
/** Capabilities that change the network under the sidecar, or anything at all. */
const dangerous = new Set(["ALL", "NET_ADMIN", "NET_RAW", "SYS_ADMIN"]);

export const privileged: Check = {
  code: "MESH1112",
  name: "privileged",
  area: "workloads",
  level: "warning",
  title: "A container that can undo the sidecar",
  why: "A privileged container, or one with NET_ADMIN, can change the redirection that leads its traffic through the proxy; no policy holds for it.",
  remedy: "Drop the privilege; run as a user that is not root.",
  relatives: { kyverno: ["service-mesh-disallow-capabilities", "service-mesh-require-run-as-nonroot"] },
  *run({ workloads }) {
    for (const { template, path, name } of workloads)
      for (const container of [
        ...listAt(template, "spec", "containers"),
        ...listAt(template, "spec", "initContainers"),
      ]) {
        const added = listAt(container, "securityContext", "capabilities", "add").filter((c) =>
          dangerous.has(String(c)),
        );
        const privileged = inTemplate(container, "securityContext", "privileged") === true;
        if (privileged || added.length > 0)
          yield {
            path: `${path}.template`,
            message: `A container of ${name} ${privileged ? "is privileged" : `has ${added.join(", ")}`}`,
          };
      }
  },
  example: {
    wrong: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { template: { spec: { containers: [{ name: cart, securityContext: { capabilities: { add: [NET_ADMIN] } } }] } } } }]
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    versions: [{ name: v1, workload: { template: { spec: { containers: [{ name: cart, securityContext: { capabilities: { drop: [ALL] } } }] } } } }]
`,
  },
};
